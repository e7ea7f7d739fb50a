import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { PodFailure, PodState } from '../plan/observed.ts';

interface State {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly message?: string;
    readonly exitCode?: number;
    readonly finishedAt?: string;
  };
}

interface PodSpec {
  readonly containers?: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime?: string;
  }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

interface ContainerStatus {
  readonly state?: State;
  readonly lastState?: State;
}

/** Reasons to wait that go by themselves. */
const harmless = ['ContainerCreating', 'PodInitializing'];

/** What is kept of a pod. */
export const podStateOf = (pod: KubeObject): PodState => {
  const status = (pod['status'] ?? {}) as PodStatus;
  const { name, labels, uid = '' } = pod.metadata;
  const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return {
    name,
    uid,
    program: labels?.[programLabel] ?? '',
    address: addressOf((pod['spec'] ?? {}) as PodSpec, status),
    ready,
    failure: failureOf(status, ready, pod.metadata.creationTimestamp ?? ''),
  };
};

/** A template may give the health server another port. */
const addressOf = ({ containers = [] }: PodSpec, { podIP }: PodStatus): string | undefined => {
  const port = containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === 'health')?.containerPort;
  if (podIP === undefined || port === undefined) return undefined;
  return `${podIP.includes(':') ? `[${podIP}]` : podIP}:${port}`;
};

const failureOf = (status: PodStatus, ready: boolean, createdAt: string): PodFailure | undefined => {
  const lasting = !ready;
  for (const { state, lastState } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const { waiting } = state ?? {};
    const ended = state?.terminated ?? lastState?.terminated;
    if (ended !== undefined && ended.exitCode !== 0) {
      const said = ended.message?.trim() ?? '';
      const message = `exit code ${ended.exitCode}${said === '' ? '' : `: ${said}`}`;
      return {
        reason: waiting?.reason ?? ended.reason ?? 'Error',
        message,
        time: ended.finishedAt ?? createdAt,
        lasting,
      };
    }
    if (waiting?.reason !== undefined && !harmless.includes(waiting.reason))
      return { reason: waiting.reason, message: waiting.message ?? '', time: createdAt, lasting };
  }
  const unscheduled = status.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled === undefined) return undefined;
  const { reason = 'Unschedulable', message = '', lastTransitionTime = createdAt } = unscheduled;
  return { reason, message, time: lastTransitionTime, lasting };
};

import type { KubeObject } from '../engine/kube/objects.ts';

interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
}

/** How the pods of a Deployment or StatefulSet stand. */
export interface Workload {
  readonly program: string;
  readonly wanted: number;
  readonly ready: number;
  readonly exist: number;
  /** All pods are of the newest template, and there are as many as there should be. */
  readonly rolledOut: boolean;
}

const isWorkload = ({ kind }: KubeObject): boolean => kind === 'Deployment' || kind === 'StatefulSet';

interface FlinkStatus {
  readonly lifecycleState?: string;
  readonly jobStatus?: { readonly state?: string };
}

/** What the Flink Kubernetes Operator says of a job: it runs its pods as it likes, and they count as one. */
const flinkWorkloadOf = ({ metadata, spec, status }: KubeObject, program: string): Workload => {
  const { job } = (spec ?? {}) as { job?: { state?: string } };
  const { lifecycleState, jobStatus } = (status ?? {}) as FlinkStatus;
  const observed = ((status ?? {}) as { observedGeneration?: number }).observedGeneration ?? metadata.generation;
  const isWanted = job?.state !== 'suspended';
  const isRunning = jobStatus?.state === 'RUNNING';
  const isSettled = lifecycleState === 'STABLE' || lifecycleState === 'SUSPENDED';
  const count = (is: boolean): number => (is ? 1 : 0);
  return {
    ...{ program, wanted: count(isWanted), ready: count(isRunning), exist: count(isRunning) },
    rolledOut: isSettled && isRunning === isWanted && observed === metadata.generation,
  };
};

export const workloadOf = (object: KubeObject, programLabel: string): Workload | undefined => {
  if (object.kind === 'FlinkDeployment') return flinkWorkloadOf(object, object.metadata.labels?.[programLabel] ?? '');
  if (!isWorkload(object)) return undefined;
  const { replicas: wanted = 1 } = (object['spec'] ?? {}) as { replicas?: number };
  const { replicas = 0, readyReplicas = 0 } = (object['status'] ?? {}) as WorkloadStatus;
  const program = object.metadata.labels?.[programLabel] ?? '';
  return { program, wanted, ready: readyReplicas, exist: replicas, rolledOut: isRolledOut(object) };
};

/** True of everything that has no pods, too. */
export const isRolledOut = (object: KubeObject): boolean => {
  if (!isWorkload(object)) return true;
  const { replicas: wanted = 1 } = (object['spec'] ?? {}) as { replicas?: number };
  const status = (object['status'] ?? {}) as WorkloadStatus;
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status;
  const isSeen = observedGeneration >= (object.metadata.generation ?? 0);
  return isSeen && replicas === wanted && updatedReplicas === wanted && readyReplicas === wanted;
};

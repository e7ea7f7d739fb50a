import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';

interface PodsStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
}

/** How the pods of a Deployment, a StatefulSet or a FlinkDeployment stand. */
export interface Workload {
  readonly program: string;
  readonly wanted: number;
  readonly ready: number;
  readonly exist: number;
  /** All pods are of the newest template, and there are as many as there should be. */
  readonly rolledOut: boolean;
}

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

const podsOf = ({ metadata, spec, status }: KubeObject, program: string): Workload => {
  const { replicas: wanted = 1 } = (spec ?? {}) as { replicas?: number };
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = (status ?? {}) as PodsStatus;
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  const rolledOut = isSeen && [replicas, updatedReplicas, readyReplicas].every((count) => count === wanted);
  return { program, wanted, ready: readyReplicas, exist: replicas, rolledOut };
};

/** Undefined of what has no pods. */
export const workloadOf = (object: KubeObject): Workload | undefined => {
  const program = object.metadata.labels?.[programLabel] ?? '';
  switch (object.kind) {
    case 'FlinkDeployment':
      return flinkWorkloadOf(object, program);
    case 'Deployment':
    case 'StatefulSet':
      return podsOf(object, program);
    default:
      return undefined;
  }
};

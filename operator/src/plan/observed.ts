import type { KubeObject } from '../engine/kube/objects.ts';

/** Everything that a plan for one pipeline is made from, as plain values. */
export interface Observed {
  readonly namespace: string;
  /** Name of the pipeline, which may not be there. */
  readonly pipeline: string;
  /** The pipeline and what refers to it. */
  readonly resources: readonly KubeObject[];
  /** What was made for it before, and stands in the cluster now. */
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
  /** Names of the Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>;
}

/** What is kept of a pod. */
export interface PodState {
  readonly name: string;
  readonly program: string;
  readonly ip: string | undefined;
  readonly ready: boolean;
  /** Why it does not run, or why it last ended, if not well. */
  readonly failure: PodFailure | undefined;
}

export interface PodFailure {
  readonly reason: string;
  readonly message: string;
  /** As the API server writes it. */
  readonly time: string;
  /** It is so now; else it has recovered. */
  readonly lasting: boolean;
}

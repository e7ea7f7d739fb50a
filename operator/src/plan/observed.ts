import type { KubeObject } from '../engine/kube/objects.ts';
import type { Scaling } from '../scale/scaler.ts';
import type { PodReport } from './pod-report.ts';

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
  /** Runs of what ends: of trainers. */
  readonly jobs: readonly JobState[];
  /** What those of the pods say that answered. */
  readonly reports: readonly PodReport[];
  /** What was decided about the numbers of pods, by program. */
  readonly scaling: ReadonlyMap<string, Scaling>;
  /** Kinds of others that the cluster has now. */
  readonly served: ReadonlySet<string>;
  /** Names of the Secrets of the namespace. */
  readonly secrets: ReadonlySet<string>;
}

/** What is kept of a pod. */
export interface PodState {
  readonly name: string;
  readonly uid: string;
  readonly program: string;
  /** Where it tells of itself, `host:port`. */
  readonly address: string | undefined;
  readonly ready: boolean;
  /** Why it does not run, or why it last ended, if not well. */
  readonly failure: PodFailure | undefined;
}

/** What is kept of a Job. Times are as the API server writes them. */
export interface JobState {
  readonly program: string;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  /** Undefined while it runs. */
  readonly ended: 'Complete' | 'Failed' | undefined;
  /** Why it failed, as Kubernetes says it. */
  readonly message: string;
}

export interface PodFailure {
  readonly reason: string;
  readonly message: string;
  /** As the API server writes it. */
  readonly time: string;
  /** It is so now; else it has recovered. */
  readonly lasting: boolean;
}

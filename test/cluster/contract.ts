import type { Kubectl } from './kubectl.ts';

/** A Kubernetes without nodes: objects are stored, checked and, where asked for, controlled; no pod runs. */
export interface ControlPlane {
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  /** `kubectl apply --server-side` of YAML or JSON. */
  apply(objects: string): Promise<void>;
  /** A line of JSON (audit.k8s.io/v1 Event) for each finished request; only with `audit`. */
  readonly auditLog: string | undefined;
  /** kill -9, and a new one on the same address; resolves when it is ready. */
  restartApiServer(): Promise<void>;
  stopEtcd(): Promise<void>;
  /** With the data that it had; resolves when the API server is ready again. */
  startEtcd(): Promise<void>;
  /** Ends it and deletes what it has stored. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** The controller-manager and the scheduler too: garbage collection, Deployments, Jobs, endpoints, bindings. */
  readonly controllers?: boolean;
  readonly audit?: boolean;
  /** Where pods find the API server. Absent: on loopback, for there are no pods. */
  readonly address?: string;
}

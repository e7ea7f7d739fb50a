import { setTimeout as wait } from 'node:timers/promises';
import type { Kube, KubeObject, ResourceType } from '@groundswell/operator/kube';

const workloads: readonly ResourceType[] = [
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' },
  { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet' },
];

const isSettled = ({ metadata, status, spec }: KubeObject): boolean => {
  const { observedGeneration, readyReplicas = 0 } = (status ?? {}) as {
    observedGeneration?: number;
    readyReplicas?: number;
  };
  const { replicas = 1 } = (spec ?? {}) as { replicas?: number };
  return observedGeneration === metadata.generation && readyReplicas === replicas;
};

const settle = async (kube: Kube, type: ResourceType, object: KubeObject): Promise<void> => {
  if (isSettled(object)) return;
  const { apiVersion, kind, metadata, spec } = object;
  const { replicas = 1 } = (spec ?? {}) as { replicas?: number };
  const { name, namespace = '' } = metadata;
  const status = {
    observedGeneration: metadata.generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
  };
  await kube.apply(
    type,
    { apiVersion, kind, metadata: { name, namespace }, status },
    { fieldManager: 'kubelet', subresource: 'status' },
  );
};

const follow = async (kube: Kube, type: ResourceType, signal: AbortSignal): Promise<void> => {
  const { items, resourceVersion } = await kube.list(type, {});
  for (const object of items) await settle(kube, type, object);
  const watched = { resourceVersion, signal, timeoutMs: 300_000 };
  for await (const { type: what, object } of kube.watch(type, watched)) {
    if (what === 'ERROR') return;
    // One that went meanwhile is no concern of this.
    if (what === 'ADDED' || what === 'MODIFIED') await settle(kube, type, object).catch(() => undefined);
  }
};

/**
 * Says of every Deployment and StatefulSet that its pods run: what controllers and nodes would come to say. No pod exists; what runs in
 * them is tested where there are nodes.
 */
export const startKubelet = (kube: Kube): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const run = async (type: ResourceType): Promise<void> => {
    while (!stopping.signal.aborted) {
      // A server that restarts is come back to.
      await follow(kube, type, stopping.signal).catch(() => undefined);
      await wait(200);
    }
  };
  const stopped = Promise.all(workloads.map(run));
  return {
    stop: async () => {
      stopping.abort();
      await stopped;
    },
  };
};

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

/**
 * Says of every Deployment and StatefulSet that its pods run: what controllers and nodes would come to say. No pod exists; what runs in
 * them is tested where there are nodes.
 */
export const startKubelet = (kube: Kube): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const settle = async (type: ResourceType, object: KubeObject): Promise<void> => {
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
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      for (const type of workloads) {
        // A server that restarts, and an object that went, are no concern of this one.
        const { items } = await kube.list(type, {}).catch(() => ({ items: [] }));
        for (const object of items.filter((one) => !isSettled(one))) await settle(type, object).catch(() => undefined);
      }
      await wait(200);
    }
  };
  const stopped = run();
  return {
    stop: async () => {
      stopping.abort();
      await stopped;
    },
  };
};

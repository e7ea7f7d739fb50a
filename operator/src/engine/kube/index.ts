import { KubeConfig } from '@kubernetes/client-node';
import { type Connection, createConnection } from './connection.ts';
import { createKube, type Kube } from './kube.ts';

export { isConflict, isNotFound } from './api-error.ts';
export type { Kube } from './kube.ts';
export type { KubeObject, ResourceType } from './objects.ts';

/** The API server of a kubeconfig. */
export const connect = (kubeconfig: string): { readonly kube: Kube; readonly connection: Connection } => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const connection = createConnection(config);
  return { kube: createKube(connection), connection };
};

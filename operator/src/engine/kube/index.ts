import { type Connection, createConnection } from './connection.ts';
import { createKube, type Kube } from './kube.ts';
import { kubeconfigAccess } from './kubeconfig.ts';

export { isConflict, isNotFound } from './api-error.ts';
export type { Kube } from './kube.ts';
export type { KubeObject, ResourceType } from './objects.ts';

/** The API server of a kubeconfig. */
export const connect = async (
  kubeconfig: string,
): Promise<{ readonly kube: Kube; readonly connection: Connection }> => {
  const connection = createConnection(await kubeconfigAccess(kubeconfig));
  return { kube: createKube(connection), connection };
};

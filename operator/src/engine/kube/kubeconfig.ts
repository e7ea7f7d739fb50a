import type { RequestOptions } from 'node:https';
import { delimiter } from 'node:path';
import type { Access } from './access.ts';

/** As kubectl reads it, with all ways to log in. @param files  one path or several, as in `KUBECONFIG`; absent: in the home folder */
export const kubeconfigAccess = async (files?: string): Promise<Access> => {
  // Only where it is needed: it is large.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const [first, ...others] = files?.split(delimiter) ?? [];
  if (first === undefined) config.loadFromDefault();
  else config.loadFromFile(first);
  for (const file of others) {
    const other = new KubeConfig();
    other.loadFromFile(file);
    config.mergeConfig(other);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error('Cannot connect to Kubernetes: the kubeconfig names no cluster, a current-context is needed');
  return {
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    proxied: cluster.proxyUrl !== undefined,
    credentials: async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
};

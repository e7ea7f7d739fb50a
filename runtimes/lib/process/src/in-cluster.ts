import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';

/** What a kubelet tells every pod. */
export interface InCluster {
  readonly host: string;
  readonly port: string;
  /** Folder with `ca.crt`, `token` and `namespace`; the kubelet renews the token long before it expires. */
  readonly folder: string;
}

/** The API server, as the service account of a pod. */
export interface InClusterAccess {
  /** `https://host:port`. */
  readonly server: string;
  /** That of the pod. */
  readonly namespace: string | undefined;
  /** Certificate of the server and token of the account, as they are now. */
  credentials(): Promise<Pick<RequestOptions, 'ca' | 'headers'>>;
}

/** The API server as a pod finds it. Our own reading: the Kubernetes client loads 80 MiB of code for these three files. */
export const inClusterAccess = async ({ host, port, folder }: InCluster): Promise<InClusterAccess> => {
  const read = async (name: string): Promise<string> => (await readFile(join(folder, name), 'utf8')).trim();
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: (await read('namespace').catch(() => '')) || undefined,
    credentials: async () => ({
      ca: await read('ca.crt'),
      headers: { Authorization: `Bearer ${await read('token')}` },
    }),
  };
};

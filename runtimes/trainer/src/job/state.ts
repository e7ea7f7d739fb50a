import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { InClusterAccess } from '@groundswell/process';
import { TrainingState, trainingStateKey } from '@groundswell/wire';

/** What is known from one run to the next, in a ConfigMap that the operator made. */
export interface StateStore {
  /** Undefined before the first run has ended. */
  read(): Promise<TrainingState | undefined>;
  write(state: TrainingState): Promise<void>;
}

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** @throws Error when the API server does not grant it */
export const openState = (access: InClusterAccess, name: string): StateStore => {
  const ask = async (method: 'GET' | 'PATCH', body?: ConfigMap): Promise<ConfigMap> => {
    const { headers, ...options } = await access.credentials();
    const url = `${access.server}/api/v1/namespaces/${access.namespace}/configmaps/${name}`;
    const type = 'application/merge-patch+json';
    const [status, answer] = await new Promise<[number, string]>((resolve, reject) => {
      const sent = request(url, { ...options, method, headers: { ...headers, 'Content-Type': type } }, (response) => {
        text(response).then((said) => resolve([response.statusCode ?? 0, said]), reject);
      });
      sent.setTimeout(30_000, () => void sent.destroy(new Error('the API server is silent')));
      sent.once('error', reject);
      sent.end(body && JSON.stringify(body));
    });
    if (status !== 200) throw new Error(`Cannot ${method} ConfigMap "${name}": the API server answers ${status}`);
    return JSON.parse(answer) as ConfigMap;
  };
  return {
    read: async () => {
      const known = (await ask('GET')).data?.[trainingStateKey];
      return known === undefined ? undefined : TrainingState.parse(JSON.parse(known));
    },
    write: async (state) => {
      await ask('PATCH', { data: { [trainingStateKey]: JSON.stringify(state) } });
    },
  };
};

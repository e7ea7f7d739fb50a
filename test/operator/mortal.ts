import { connect, type Kube } from '@groundswell/operator/kube';
import { runOperator } from '@groundswell/operator/operator';
import { defaultImages } from '@groundswell/operator/plan';
import { createLogger, createMetrics } from '@groundswell/process';

/** An operator in this process that can be cut off from the API server in the middle of anything: to the cluster, that is a kill. */
export interface Mortal {
  /** From now on it changes nothing; resolves when it has noticed. @throws Error with what it died of before */
  kill(): Promise<void>;
}

export const startMortal = async (kubeconfig: string, identity: string): Promise<Mortal> => {
  const { kube, connection } = await connect(kubeconfig);
  const dying = new AbortController();
  const mortal = Object.fromEntries(
    Object.entries(kube as unknown as Record<string, (...words: unknown[]) => unknown>).map(([name, call]) => [
      name,
      (...words: unknown[]) => {
        dying.signal.throwIfAborted();
        return call(...words);
      },
    ]),
  ) as unknown as Kube;
  const options = {
    ...{ kube: mortal, namespaces: [], settings: { images: defaultImages }, identity, version: 'test', workers: 4 },
    ...{ resyncMs: 600_000, reportMs: 10_000, statusMs: 30_000, apisMs: 30_000 },
    ...{ logger: createLogger('operator', 'silent'), metrics: createMetrics() },
  };
  const ended = runOperator(options, dying.signal);
  return {
    kill: async () => {
      dying.abort();
      connection.close();
      await ended;
    },
  };
};

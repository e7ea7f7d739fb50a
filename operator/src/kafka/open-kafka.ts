import type { PipelinePlacement } from '@groundswell/graph';
import { createLogger } from '@groundswell/process';
import type { Log } from '@groundswell/stores';
import type { Kube } from '../engine/kube/kube.ts';
import { kafkaOptionsOf } from './connection.ts';

/** The Kafkas of pipelines, as their resources say now. */
export interface Kafkas {
  /** Of the pipeline `namespace/name`; undefined: it is gone. */
  know(key: string, placement: PipelinePlacement | undefined): void;
  /** @throws Error where it is not known, a Secret is missing, no broker answers, or the operator stops */
  open(key: string): Promise<Log>;
}

/** Who stops does not wait for brokers that may never answer. */
const unlessStopped = async (opening: Promise<Log>, signal: AbortSignal): Promise<Log> => {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('Cannot connect to Kafka: the operator stops'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([opening, stopped]);
  } catch (error) {
    // What is connected after all is not needed any more.
    void opening.then((log) => log.close()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

export const createKafkas = (kube: Pick<Kube, 'get' | 'list'>, signal: AbortSignal): Kafkas => {
  const known = new Map<string, PipelinePlacement>();
  // What the client tries again is no news; what it gives up is thrown.
  const logger = createLogger('kafka', 'error');
  return {
    know: (key, placement) => {
      if (placement === undefined) known.delete(key);
      else known.set(key, placement);
    },
    open: async (key) => {
      const placement = known.get(key);
      if (placement === undefined) throw new Error(`Cannot connect to the Kafka of ${key}: the pipeline does not run`);
      const [namespace = ''] = key.split('/');
      const options = await kafkaOptionsOf(placement, { kube, namespace });
      // Only where it is needed: it takes memory.
      const { createKafkaLog } = await import('@groundswell/stores/kafka');
      return unlessStopped(createKafkaLog({ ...options, clientId: 'groundswell-operator', logger }), signal);
    },
  };
};

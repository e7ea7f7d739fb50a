import { createLogCheckpoints, type KeyValue, type Log } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { createWindower, totalOf } from '@groundswell/windowing';
import { endOfTime, keysOf, topicsOf } from '@groundswell/wire';
import { onTestFinished } from 'vitest';
import { loadCheckpoint } from '../../../runtimes/ingest/src/checkpoint.ts';
import type { IntakeLedger } from '../../../runtimes/ingest/src/intake.ts';
import { type Collector, createCollector } from '../../../runtimes/local/src/evaluate/collect.ts';
import { decodeCheckpoint } from '../../../runtimes/window/src/checkpoint.ts';
import { windowerOptionsOf } from '../../../runtimes/window/src/windower-options.ts';
import { addressesOf, logger } from '../servers.ts';
import { eventually, isReady, type Pod, startPod } from './pods.ts';
import type { Path } from './resources.ts';

/** The programs of a path as pods on the real Kafka and Redis; all of them end with the test, whatever becomes of it. */
export interface Cluster {
  readonly log: Log;
  readonly keyValue: KeyValue;
  readonly collector: Collector;
  pod(name: string): Pod;
  pods(): readonly Pod[];
  /** In place of the one that runs, or ran, under that name. */
  start(name: string): Promise<Pod>;
  ready(): Promise<void>;
  /** Windows whose watermark has come to the end of the source. */
  endedWindows(): Promise<number>;
  windowLedgers(): Promise<readonly ReturnType<typeof totalOf>[]>;
  ingestLedger(): Promise<IntakeLedger | undefined>;
}

export const openCluster = async ({ pipeline, folder, programs }: Path): Promise<Cluster> => {
  const brokers = addressesOf('GROUNDSWELL_KAFKA');
  const [redis = ''] = addressesOf('GROUNDSWELL_REDIS');
  const log = await createKafkaLog({ brokers, clientId: 'test-path', logger });
  onTestFinished(() => log.close());
  const keyValue = await createRedisKeyValue({ nodes: [redis], logger });
  onTestFinished(() => keyValue.close());
  const topics = topicsOf(pipeline);
  // The collector is there before the scorer, which would create them.
  await log.createTopics([topics.predictions, topics.outcomes].map((name) => ({ name, partitions: 3 })));
  const collector = await createCollector(log, topics);
  onTestFinished(() => collector.close());
  const checkpoints = createLogCheckpoints(log, topics.checkpoints);
  onTestFinished(() => checkpoints.close());

  const running = new Map<string, Pod>();
  onTestFinished(async () => {
    await Promise.all([...running.values()].map((pod) => pod.kill()));
  });
  const windows = programs.filter((program) => program.kind === 'window');
  const cluster: Cluster = {
    log,
    keyValue,
    collector,
    pod: (name) => {
      const pod = running.get(name);
      if (pod === undefined) throw new Error(`Cannot find the pod "${name}": there are ${[...running.keys()]}`);
      return pod;
    },
    pods: () => [...running.values()],
    start: async (name) => {
      const program = programs.find((each) => each.name === name);
      if (program === undefined) throw new Error(`Cannot start "${name}": the resources give no such program`);
      const pod = await startPod(program, { folder, brokers, redis });
      running.set(name, pod);
      return pod;
    },
    ready: () =>
      eventually(
        'all pods are ready',
        async () => (await Promise.all([...running.values()].map(isReady))).every((ready) => ready),
        { pods: [...running.values()] },
      ),
    endedWindows: async () => {
      const batch = keyValue.batch();
      const watermarks = batch.hashGetAll(keysOf(pipeline).watermarks);
      await batch.run();
      return Object.values(watermarks.value()).filter((text) => Number(text) === endOfTime).length;
    },
    windowLedgers: () =>
      Promise.all(
        windows.map(async (program) => {
          const bytes = (await checkpoints.load(program.name)) ?? new Uint8Array();
          const { snapshot } = decodeCheckpoint(program.name, bytes);
          return totalOf(createWindower(windowerOptionsOf(program), snapshot).ledger());
        }),
      ),
    ingestLedger: async () => (await loadCheckpoint(checkpoints, 'ingest-file'))?.ledger,
  };
  return cluster;
};

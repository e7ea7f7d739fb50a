import { type Collector, createCollector } from '@groundswell/local';
import { createLogCheckpoints, createLogStates, type KeyValue, type Log } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { endOfTime, keysOf, topicsOf, watermarkOf } from '@groundswell/wire';
import { onTestFinished } from 'vitest';
import { loadCheckpoint } from '../../../runtimes/ingest/src/checkpoint.ts';
import type { IntakeLedger } from '../../../runtimes/ingest/src/intake.ts';
import { ledgerOfSaved } from '../../../runtimes/window/src/test/saved-ledger.ts';
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
  windowLedgers(): Promise<readonly Awaited<ReturnType<typeof ledgerOfSaved>>[]>;
  ingestLedger(): Promise<IntakeLedger | undefined>;
}

/** The stores, and what looks into them; closed when the test has finished. */
const openStores = async (pipeline: string) => {
  const [redis = ''] = addressesOf('GROUNDSWELL_REDIS');
  const topics = topicsOf(pipeline);
  const log = await createKafkaLog({ brokers: addressesOf('GROUNDSWELL_KAFKA'), clientId: 'test-path', logger });
  onTestFinished(() => log.close());
  const keyValue = await createRedisKeyValue({ nodes: [redis], logger });
  onTestFinished(() => keyValue.close());
  // The collector is there before the scorer, which would create them.
  await log.createTopics([topics.predictions, topics.outcomes].map((name) => ({ name, partitions: 3 })));
  const collector = await createCollector(log, topics);
  onTestFinished(() => collector.close());
  const checkpoints = createLogCheckpoints(log, topics.checkpoints);
  onTestFinished(() => checkpoints.close());
  const states = createLogStates(log);
  return { log, keyValue, collector, checkpoints, states };
};

/** The pods by name; killed when the test has finished. */
const createPods = ({ folder, programs }: Path): Pick<Cluster, 'pod' | 'pods' | 'start' | 'ready'> => {
  const running = new Map<string, Pod>();
  const pods = () => [...running.values()];
  onTestFinished(async () => {
    await Promise.all(pods().map((pod) => pod.kill()));
  });
  const areReady = async () => (await Promise.all(pods().map(isReady))).every((ready) => ready);
  return {
    pods,
    pod: (name) => {
      const pod = running.get(name);
      if (pod === undefined) throw new Error(`Cannot find the pod "${name}": there are ${[...running.keys()]}`);
      return pod;
    },
    start: async (name) => {
      const program = programs.find((each) => each.name === name);
      if (program === undefined) throw new Error(`Cannot start "${name}": the resources give no such program`);
      const [redis = ''] = addressesOf('GROUNDSWELL_REDIS');
      const pod = await startPod(program, { folder, brokers: addressesOf('GROUNDSWELL_KAFKA'), redis });
      running.set(name, pod);
      return pod;
    },
    ready: () => eventually('all pods are ready', areReady, { pods: pods() }),
  };
};

export const openCluster = async (path: Path): Promise<Cluster> => {
  const { pipeline, programs } = path;
  const { checkpoints, states, ...stores } = await openStores(pipeline);
  const windows = programs.filter((program) => program.kind === 'window');
  return {
    ...stores,
    ...createPods(path),
    endedWindows: async () => {
      const batch = stores.keyValue.batch();
      const shards = windows.map(({ window }) => batch.hashGetAll(keysOf(pipeline).watermarks(window)));
      await batch.run();
      return shards.filter((reply) => watermarkOf(reply.value()) === endOfTime).length;
    },
    windowLedgers: () => Promise.all(windows.map((program) => ledgerOfSaved(program, { log: stores.log, states }))),
    ingestLedger: async () => (await loadCheckpoint(checkpoints, 'ingest-file'))?.ledger,
  };
};

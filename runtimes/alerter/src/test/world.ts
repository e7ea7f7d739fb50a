import { setTimeout as wait } from 'node:timers/promises';
import { AlerterProgram, type AlertRule } from '@groundswell/graph';
import { createLogger, createMetrics, createValues, type Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import {
  AlertEntry,
  decodeJson,
  encodeJson,
  keysOf,
  type PostCard,
  type Prediction,
  type Reason,
} from '@groundswell/wire';
import { startAlerter } from '../index.ts';

export const rule = (over: Partial<AlertRule> = {}): AlertRule => ({
  ...{ name: 'hot', when: 'prediction.score > 0.8', forMs: 0, severity: 'Warning', channels: ['hook'] },
  once: { key: 'prediction.post_id', withinMs: 86_400_000 },
  ...{ maxPerHour: 1000, title: '{post_id} scores {score}', text: '{author_name}: {text}' },
  ...over,
});

export const program = (over: Partial<AlerterProgram> = {}): AlerterProgram =>
  AlerterProgram.parse({
    ...{ kind: 'alerter', name: 'alerter', pipeline: 'demo', revision: '1' },
    predictions: { name: 'demo.predictions' },
    alerts: { name: 'demo.alerts' },
    deadLetters: { name: 'demo.dead-letters' },
    ...{ decisions: { name: 'demo.decisions' }, outcomes: { name: 'demo.outcomes' }, webhooks: [] },
    ...{ windows: [], channels: [], rules: [rule()], historyMs: 86_400_000 },
    ...over,
  });

export const prediction = (over: Partial<Prediction> = {}): Prediction => ({
  ...{ model: 'virality', variant: 'champion', digest: 'aa', shadow: false, post_id: 'p1', author_id: 'a1' },
  ...{ posted_at: 0, scored_at: 60_000, age_ms: 60_000, trigger: 'age', score: 0.9, vector: [], latency_ms: 2 },
  ...over,
});

interface WorldOptions {
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Several workers share the stores. */
  readonly shared?: boolean;
}

/** Embedded stores with the topics of an alerter. */
export const createWorld = async ({ directory, env = {}, shared = false }: WorldOptions = {}) => {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const logger = createLogger('test', 'silent');
  const stores = await createEmbeddedStores({ clock, logger, ...(directory === undefined ? {} : { directory }) });
  const ports: Ports = { ...stores, clock, logger, metrics: createMetrics(), alone: !shared };
  await stores.log.createTopics(
    ['predictions', 'alerts', 'dead-letters', 'decisions', 'outcomes'].map((name) => ({
      name: `demo.${name}`,
      partitions: 1,
    })),
  );
  const producer = await stores.log.producer();
  const values = createValues({ directories: [], env });
  const keys = keysOf('demo');
  return {
    ports,
    stores,
    /** Moves the clock of the workers, ms. */
    pass: (ms: number): void => {
      ahead += ms;
    },
    start: (of: AlerterProgram): Promise<Running> => startAlerter(of, ports, { values }),
    predict: (...predictions: readonly Prediction[]): Promise<void> =>
      producer.send(
        'demo.predictions',
        predictions.map((each) => ({ key: each.post_id, value: encodeJson(each), timestamp: each.scored_at })),
      ),
    show: async (card: PostCard, why: readonly Reason[] = []): Promise<void> => {
      const batch = ports.keyValue.batch();
      batch.hashSet(keys.post(card.post_id), { card: JSON.stringify(card), reposts: '7' });
      if (why.length > 0) batch.hashSet(keys.why('virality'), { [card.post_id]: JSON.stringify(why) });
      await batch.run();
    },
    /** Newest first. */
    history: async (): Promise<readonly AlertEntry[]> => {
      const list = ports.keyValue.batch();
      const ids = list.sortedRange(keys.alerts, 0, -1, { reverse: true });
      await list.run();
      const read = ports.keyValue.batch();
      const found = ids.value().map(({ member }) => read.hashGetAll(keys.alert(member)));
      await read.run();
      return found.map((reply) => {
        const { alert = '{}', ended, ...channels } = reply.value();
        const deliveries = Object.values(channels).map((text): unknown => JSON.parse(text));
        const end = ended === undefined ? {} : { state: 'ended', ended_at: Number(ended) };
        return AlertEntry.parse({ ...(JSON.parse(alert) as object), ...end, deliveries });
      });
    },
    read: async (topic: string): Promise<unknown[]> => {
      const consumer = await stores.log.consumer({ topics: [topic], from: 'earliest' });
      const batches = await consumer.poll({ maxRecords: 100_000, maxWaitMs: 0 });
      await consumer.close();
      return batches.flatMap(({ records }) => records.map(({ value }) => value && decodeJson(value)));
    },
    close: () => stores.close(),
  };
};

/** Steps until it is so, as the loop of a pod does. @throws Error after 20 s */
export const stepUntil = async (workers: Running | readonly Running[], isSo: () => boolean | Promise<boolean>) => {
  const all = 'step' in workers ? [workers] : workers;
  const until = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error('Cannot wait any longer: it did not become so in 20 s');
    for (const running of all) await running.step({ maxWaitMs: 0 });
    await wait(2);
  }
};

import { WindowProgram } from '@groundswell/graph';
import { createLogger, createMetrics, type Running } from '@groundswell/process';
import type { LogRecord, Ports, ScoredMember } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { encodeEvent, encodeJson, type SocialEvent, topicsOf, watermarkHeader } from '@groundswell/wire';
import { startWindow } from '../start.ts';

const events = topicsOf('demo').events;
export const rekeyed = topicsOf('demo').rekeyed('w', 'x');

/** Counts events by post in tumbling windows of 10 s, in a hash; say what differs. */
export const aProgram = (changes: Partial<WindowProgram> = {}): WindowProgram =>
  WindowProgram.parse({
    kind: 'window',
    name: 'window-w',
    pipeline: 'demo',
    revision: 'r1',
    window: 'w',
    input: { topic: { name: events } },
    changelog: { name: topicsOf('demo').changelog('w'), compacted: true },
    key: ['post_id'],
    shape: { kind: 'tumble', sizeMs: 10_000 },
    head: 'Closed',
    emit: 'OnChange',
    watermark: { maxOutOfOrdernessMs: 0 },
    allowedLatenessMs: 0,
    deadLetters: { name: 'spoilt' },
    aggregations: [{ kind: 'count', name: 'events' }],
    sinks: [{ kind: 'hash', key: 'post:{post_id}' }],
    ...changes,
  });

/** A like of the post `p` at second 0; say what differs. */
export const anEvent = (changes: Partial<SocialEvent> = {}): SocialEvent => ({
  id: 'e',
  type: 'like',
  at: 0,
  ingested_at: 0,
  source: 'test',
  post_id: 'p',
  user_id: 'u',
  author_id: 'a',
  ...changes,
});

/** Stores in memory, a clock that stands until it is set, and what a test looks at. */
export interface World {
  readonly ports: Ports;
  setNow(now: number): void;
  /** Starts the program, beside or after others; `over` are ports that it has other ones of. */
  start(program: WindowProgram, over?: Partial<Ports>): Promise<Running>;
  send(changes: readonly Partial<SocialEvent>[], partition?: number): Promise<void>;
  sendRaw(value: Uint8Array | null, headers?: Readonly<Record<string, string>>): Promise<void>;
  sendWatermark(watermark: number, partition?: number): Promise<void>;
  /** Rows of the table `items`, in a partition of it; null: the row is gone. */
  put(rows: Readonly<Record<string, object | null>>, at?: number): Promise<void>;
  hash(key: string): Promise<Readonly<Record<string, string>>>;
  sorted(key: string): Promise<readonly ScoredMember[]>;
  read(topic: string): Promise<readonly LogRecord[]>;
  metrics(): Promise<string>;
}

export const createWorld = async (partitions = 1): Promise<World> => {
  let now = 1_000_000;
  const clock = { now: () => now };
  const logger = createLogger('test', 'silent');
  const { commit: _, close: __, ...stores } = await createEmbeddedStores({ clock, logger });
  const ports: Ports = { ...stores, clock, logger, metrics: createMetrics() };
  const { log, keyValue } = ports;
  await log.createTopics([
    { name: events, partitions },
    { name: 'spoilt', partitions: 1 },
    { name: 'late', partitions: 1 },
    { name: 'items', partitions: 2, compacted: true },
    { name: 'results', partitions: 1, compacted: true },
    { name: rekeyed, partitions: 3 },
  ]);
  const producer = await log.producer();
  return {
    ports,
    setNow: (to) => {
      now = to;
    },
    start: (program, over) => startWindow(program, { ...ports, ...over }),
    send: (changes, partition = 0) =>
      producer.send(
        events,
        changes.map((change) => ({ value: encodeEvent(anEvent(change)), partition, timestamp: change.at ?? 0 })),
      ),
    sendRaw: (value, headers = {}) => producer.send(events, [{ value, headers, partition: 0 }]),
    sendWatermark: (watermark, partition = 0) =>
      producer.send(events, [{ value: null, partition, headers: { [watermarkHeader]: String(watermark) } }]),
    put: (rows, at = 0) =>
      producer.send(
        'items',
        Object.entries(rows).map(([key, row]) => ({ key, value: row && encodeJson(row), timestamp: at })),
      ),
    hash: async (key) => {
      const batch = keyValue.batch();
      const found = batch.hashGetAll(key);
      await batch.run();
      return found.value();
    },
    sorted: async (key) => {
      const batch = keyValue.batch();
      const found = batch.sortedRange(key, 0, -1);
      await batch.run();
      return found.value();
    },
    read: async (topic) => {
      const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
      const batches = await consumer.poll({ maxRecords: 10_000, maxWaitMs: 0 });
      await consumer.close();
      return batches.flatMap(({ records }) => records);
    },
    metrics: () => ports.metrics.registry.metrics(),
  };
};

export const step = (running: Running): Promise<number> => running.step({ maxWaitMs: 0 });

import type { ScorerProgram } from '@groundswell/graph';
import { createLogger, createMetrics } from '@groundswell/process';
import {
  createMemoryCheckpoints,
  createMemoryKeyValue,
  createMemoryLog,
  createMemoryStates,
  type Ports,
} from '@groundswell/stores';
import {
  decodeJson,
  encodeEvent,
  keysOf,
  Outcome,
  Prediction,
  type SocialEvent,
  watermarkHeader,
} from '@groundswell/wire';
import { type Doors, type ScorerRunning, startScorer } from '../src/index.ts';
import { fixtures } from './builders.ts';

export type Sent = SocialEvent | { readonly watermark: number } | { readonly bytes: string };

/** A scorer on stores in memory, with the wall clock in the test's hand. */
export interface Rig {
  readonly ports: Ports;
  readonly running: ScorerRunning;
  readonly clock: { at: number };
  send(events: readonly Sent[], partition?: number): Promise<void>;
  /** Steps until there is nothing to do. */
  run(): Promise<void>;
  /** As a crash would: what was not saved is gone. */
  restart(program?: ScorerProgram): Promise<void>;
  predictions(): Promise<readonly Prediction[]>;
  outcomes(): Promise<readonly Outcome[]>;
  deadLetters(): Promise<readonly unknown[]>;
  hash(key: string): Promise<Readonly<Record<string, string>>>;
  /** Post ids, highest first. */
  top(): Promise<readonly string[]>;
  write(hash: string, fields: Readonly<Record<string, string>>): Promise<void>;
}

export const keys = keysOf('demo');

const records = (sent: readonly Sent[], partition: number) =>
  sent.map((each) => {
    if ('watermark' in each) return { partition, value: null, headers: { [watermarkHeader]: String(each.watermark) } };
    if ('bytes' in each) return { partition, value: new TextEncoder().encode(each.bytes) };
    return { partition, key: each.post_id, value: encodeEvent(each), timestamp: each.at };
  });

export const startRig = async (first: ScorerProgram, partitions = 1, doors?: Doors): Promise<Rig> => {
  const clock = { at: 1_000_000, now: () => clock.at };
  const log = createMemoryLog({ clock });
  const ports: Ports = {
    log,
    clock,
    keyValue: createMemoryKeyValue({ clock }),
    checkpoints: createMemoryCheckpoints(),
    states: createMemoryStates(),
    metrics: createMetrics(),
    logger: createLogger('scorer', 'silent'),
  };
  const topics = ['demo.events', 'demo.predictions', 'demo.outcomes', 'demo.spoilt'];
  await log.createTopics(topics.map((name) => ({ name, partitions: name === 'demo.events' ? partitions : 1 })));
  const producer = await log.producer();
  const options = { directory: fixtures, ...(doors !== undefined && { doors }) };
  let program = first;
  let running = await startScorer(program, ports, options);

  const read = async (topic: string): Promise<readonly unknown[]> => {
    const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
    const batches = await consumer.poll({ maxRecords: 1e9, maxWaitMs: 0 });
    await consumer.close();
    return batches.flatMap((batch) => batch.records.map(({ value }) => decodeJson(value ?? new Uint8Array())));
  };
  const ask = async <T>(queue: (batch: ReturnType<Ports['keyValue']['batch']>) => { value(): T }): Promise<T> => {
    const batch = ports.keyValue.batch();
    const reply = queue(batch);
    await batch.run();
    return reply.value();
  };

  return {
    ports,
    clock,
    get running() {
      return running;
    },
    send: (events, partition = 0) => producer.send('demo.events', records(events, partition)),
    run: async () => {
      while ((await running.step({ maxWaitMs: 0 })) > 0);
    },
    restart: async (next = program) => {
      await running.stop();
      program = next;
      running = await startScorer(program, ports, options);
    },
    predictions: async () => (await read('demo.predictions')).map((value) => Prediction.parse(value)),
    outcomes: async () => (await read('demo.outcomes')).map((value) => Outcome.parse(value)),
    deadLetters: () => read('demo.spoilt'),
    hash: (key) => ask((batch) => batch.hashGetAll(key)),
    top: async () =>
      (await ask((batch) => batch.sortedRange(keys.top('virality'), 0, -1, { reverse: true }))).map(
        ({ member }) => member,
      ),
    write: async (hash, fields) => {
      const batch = ports.keyValue.batch();
      batch.hashSet(hash, fields);
      await batch.run();
    },
  };
};

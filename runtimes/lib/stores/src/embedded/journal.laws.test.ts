import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@groundswell/process';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readAll } from '../contract/reading.ts';
import type { KeyValueBatch } from '../key-value.ts';
import { createEmbeddedStores, type EmbeddedStores } from './embedded-stores.ts';
import { headerBytes } from './frames.ts';

const root = mkdtempSync(join(tmpdir(), 'groundswell-laws-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const logger = createLogger('test', 'silent');

type Operation =
  | { kind: 'send'; topic: number; key: string; value: Uint8Array | null }
  | { kind: 'commands'; key: string; commands: readonly number[] }
  | { kind: 'offset'; group: string; topic: number; offset: number }
  | { kind: 'checkpoint'; name: string; state: Uint8Array }
  | { kind: 'state'; shard: number; epoch: number; base: boolean; bytes: Uint8Array }
  | { kind: 'pass'; ms: number }
  | { kind: 'commit' };

const topics = [
  { name: 'plain', partitions: 2 },
  { name: 'short', partitions: 1, retentionMs: 500 },
  { name: 'compact', partitions: 1, compacted: true },
];

const names = ['count', 'mean', 'word'];

/** A key for each kind of value; the last command is for the wrong kind, and must change nothing. */
const writes: readonly ((batch: KeyValueBatch, key: string) => void)[] = [
  (batch, key) => batch.delete(`${key}.hash`),
  (batch, key) => batch.hashSet(`${key}.hash`, { x: '1', y: '' }),
  (batch, key) => batch.hashSet(`${key}.hash`, { z: '2' }),
  (batch, key) => batch.hashDelete(`${key}.hash`, ['y', 'z']),
  (batch, key) => batch.hashRow(`${key}.rows`, { names, values: [1, null, 'text'] }),
  (batch, key) => batch.hashRow(`${key}.rows`, { names, values: [1, 0.1, null], before: [1, null, 'text'] }),
  (batch, key) => batch.hashDelete(`${key}.rows`, names),
  (batch, key) => batch.sortedAdd(`${key}.set`, [{ member: 'low', score: Number.NEGATIVE_INFINITY }]),
  (batch, key) => batch.sortedAdd(`${key}.set`, [{ member: 'high', score: 0.1 }]),
  (batch, key) => batch.sortedFill(`${key}.set`, 'low', [{ member: 'high', score: 7 }]),
  (batch, key) => {
    const fan = { key: `${key}.hash`, guard: { field: 'x', value: '1' }, members: `${key}.set`, from: undefined };
    batch.sortedFan({ ...fan, count: 2, setPrefix: `${key}.`, member: 'low', score: undefined });
  },
  (batch, key) => batch.sortedIncrement(`${key}.set`, 'high', 0.2),
  (batch, key) => batch.sortedRemoveByScore(`${key}.set`, Number.NEGATIVE_INFINITY, 0),
  (batch, key) => batch.sortedRemoveByRank(`${key}.set`, 0, 0),
  (batch, key) => batch.listPush(`${key}.list`, ['p', 'q'], 3),
  (batch, key) => batch.listRemove(`${key}.list`, ['p']),
  (batch, key) => batch.listPush(`${key}.list.high`, ['r'], 3),
  (batch, key) => batch.expire(`${key}.list.high`, 200),
  (batch, key) => {
    const fan = { key: `${key}.hash`, guard: { field: 'x', value: '1' }, members: `${key}.set`, count: 1, keep: 3 };
    batch.listFan({
      ...fan,
      cursor: { field: 'z', from: undefined, done: 'done' },
      listPrefix: `${key}.list.`,
      value: 'f',
    });
  },
  (batch, key) => batch.counterAdd(`${key}.counter`, 2),
  (batch, key) => batch.counterSet(`${key}.number`, 0.1),
  (batch, key) => batch.expire(`${key}.hash`, 100),
  (batch, key) => batch.expire(`${key}.counter`, 250),
  (batch, key) => {
    batch.counterAdd(`${key}.counter`, 0);
    batch.listPush(`${key}.counter`, ['p'], 1);
  },
];

const name = fc.constantFrom('a', 'b', 'ü');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    topic: fc.nat(2),
    key: name,
    value: fc.option(fc.uint8Array({ maxLength: 50 })),
  }),
  fc.record({
    kind: fc.constant('commands' as const),
    key: name,
    commands: fc.array(fc.nat(writes.length - 1), { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('offset' as const), group: name, topic: fc.nat(2), offset: fc.nat(5) }),
  fc.record({ kind: fc.constant('checkpoint' as const), name, state: fc.uint8Array({ maxLength: 50 }) }),
  fc.record({
    kind: fc.constant('state' as const),
    shard: fc.nat(1),
    epoch: fc.nat(2),
    base: fc.boolean(),
    bytes: fc.uint8Array({ maxLength: 50 }),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(200) }),
  fc.constant({ kind: 'commit' as const }),
);

const settle = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => undefined);

const perform = async (stores: EmbeddedStores, clock: { at: number }, op: Operation): Promise<void> => {
  if (op.kind === 'pass') clock.at += op.ms;
  else if (op.kind === 'commit') await stores.commit();
  else if (op.kind === 'checkpoint') await stores.checkpoints.save(op.name, op.state);
  else if (op.kind === 'state') {
    const place = { topic: 'state', shard: op.shard };
    await settle(stores.states[op.base ? 'save' : 'append'](place, op.epoch, op.bytes));
  } else if (op.kind === 'commands') {
    const batch = stores.keyValue.batch();
    for (const which of op.commands) writes[which]?.(batch, op.key);
    await settle(batch.run());
  } else if (op.kind === 'send') {
    const producer = await stores.log.producer();
    await producer.send(topics[op.topic]?.name ?? '', [{ key: op.key, value: op.value, headers: { h: op.key } }]);
  } else {
    const topic = topics[op.topic]?.name ?? '';
    const consumer = await stores.log.consumer({ group: op.group, topics: [topic], from: 'earliest' });
    await consumer.poll({ maxRecords: 1, maxWaitMs: 0 });
    await consumer.commit([{ topic, partition: 0, offset: BigInt(op.offset) }]);
    await consumer.close();
  }
};

/** Everything that the ports show. */
const stateOf = async ({ log, keyValue, checkpoints, states }: EmbeddedStores): Promise<unknown> => {
  const logs = [];
  for (const topic of topics) {
    const missing = await log.bounds(topic.name).catch(() => undefined);
    if (missing === undefined) continue;
    const lags = await Promise.all(['a', 'b', 'ü'].map((group) => log.lag(group, topic.name)));
    // When a record came is not in the journal: retention counts from it, and latencies end with the process.
    const read = [...(await readAll(log, topic.name)).values()];
    const kept = read.map((records) => records.map(({ appendedAt: _, ...record }) => record));
    logs.push(await log.bounds(topic.name), kept, lags);
  }
  const values = [];
  for (const key of ['a', 'b', 'ü']) {
    for (const ask of [
      (batch: KeyValueBatch) => batch.hashGetAll(`${key}.hash`),
      (batch: KeyValueBatch) => batch.sortedRange(`${key}.set`, 0, -1),
      (batch: KeyValueBatch) => batch.listRange(`${key}.list`, 0, -1),
      (batch: KeyValueBatch) => batch.counterAdd(`${key}.counter`, 0),
      (batch: KeyValueBatch) => batch.counterGet(`${key}.number`),
    ]) {
      const batch = keyValue.batch();
      const reply = ask(batch);
      await batch.run();
      values.push(reply.value());
    }
    values.push((await checkpoints.load(key))?.join());
  }
  return { logs, values, states: await states.load('state', [0, 1]) };
};

/** A commit: where it ends in the journal, and what every reader sees from then on. */
interface Moment {
  readonly end: number;
  readonly file: number;
  readonly operations: number;
}

interface Story {
  readonly directory: string;
  readonly moments: readonly Moment[];
}

const play = async (operations: readonly Operation[], compactAboveBytes: number): Promise<Story> => {
  const directory = mkdtempSync(join(root, 'data-'));
  const clock = { at: 1000 };
  const options = { clock: { now: () => clock.at }, directory, logger, compactAboveBytes };
  const stores = await createEmbeddedStores(options);
  await stores.log.createTopics(topics);
  const look = (done: number): Moment => {
    const { size, ino } = statSync(join(directory, 'journal'));
    return { end: size, file: ino, operations: done };
  };
  let moments: Moment[] = [{ ...look(-1), end: headerBytes }];
  for (const [i, op] of operations.entries()) {
    await perform(stores, clock, op);
    if (op.kind !== 'commit') continue;
    const moment = look(i);
    // A compacted journal knows no earlier moment.
    if (moment.file !== moments.at(-1)?.file) moments = [];
    moments.push(moment);
  }
  await stores.close();
  return { directory, moments };
};

/** What is seen now, and what is left when times to live are over. */
const futureOf = async (stores: EmbeddedStores, clock: { at: number }): Promise<unknown> => {
  const now = await stateOf(stores);
  clock.at += 60;
  const later = await stateOf(stores);
  clock.at += 1000;
  return { now, later, last: await stateOf(stores) };
};

/** The same operations up to a commit, without any disk; -1: nothing was ever committed. */
const expectedAt = async (operations: readonly Operation[], upTo: number): Promise<unknown> => {
  const clock = { at: 1000 };
  const stores = await createEmbeddedStores({ clock: { now: () => clock.at }, logger });
  if (upTo >= 0) await stores.log.createTopics(topics);
  for (const op of operations.slice(0, upTo + 1)) await perform(stores, clock, op);
  return futureOf(stores, clock);
};

const reopened = async (operations: readonly Operation[], upTo: number, directory: string): Promise<unknown> => {
  const passed = operations.slice(0, upTo + 1).reduce((sum, op) => sum + (op.kind === 'pass' ? op.ms : 0), 0);
  const clock = { at: 1000 + passed };
  const stores = await createEmbeddedStores({ clock: { now: () => clock.at }, directory, logger });
  try {
    return await futureOf(stores, clock);
  } finally {
    await stores.close();
  }
};

test.each([
  { what: 'growing', compactAboveBytes: Number.MAX_SAFE_INTEGER },
  { what: 'often compacted', compactAboveBytes: 600 },
])('a journal that is $what and cut anywhere gives the state of the last commit before the cut', async (given) => {
  const operations = fc.array(operation, { maxLength: 80, size: 'max' });
  await fc.assert(
    fc.asyncProperty(operations, fc.double({ min: 0, max: 1, noNaN: true }), async (ops, where) => {
      const { directory, moments } = await play(ops, given.compactAboveBytes);
      const path = join(directory, 'journal');
      const journal = readFileSync(path);
      const from = moments[0]?.end ?? headerBytes;
      const cut = from + Math.round(where * (journal.length - from));
      writeFileSync(path, journal.subarray(0, cut));
      const upTo = moments.findLast(({ end }) => end <= cut)?.operations ?? -1;
      expect(await reopened(ops, upTo, directory)).toEqual(await expectedAt(ops, upTo));
      rmSync(directory, { recursive: true });
    }),
    { numRuns: 40 },
  );
});

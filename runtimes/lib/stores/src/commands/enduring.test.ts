import { expect, test } from 'vitest';
import { FencedError, type KeyValue, type KeyValueBatch } from '../key-value.ts';
import { createMemoryKeyValue } from '../memory/memory-key-value.ts';
import type { RunCommands } from './batch.ts';
import { enduring, type Refusal } from './enduring.ts';

/** A store that does not answer for so many runs. */
const storeOf = ({ silentFor = 0, attempts = 3 } = {}) => {
  let runs = 0;
  const [waits, aside, retried]: [number[], Refusal[], string[]] = [[], [], []];
  const silent =
    (run: RunCommands): RunCommands =>
    async (queued) => {
      runs++;
      if (runs <= silentFor) throw new Error('the connection was lost');
      await run(queued);
    };
  const around = enduring({
    retries: () => ({ attempts, initialMs: 100, maxMs: 300 }),
    putAside: async (refusals) => void aside.push(...refusals),
    onRetry: ({ message }) => retried.push(message),
    random: () => 0,
    pause: async (ms) => void waits.push(ms),
  });
  const keyValue = createMemoryKeyValue({ clock: { now: () => 0 }, around: (run) => around(silent(run)) });
  return { keyValue, waits, aside, retried, runs: () => runs };
};

const hashOf = async (keyValue: KeyValue, key: string): Promise<unknown> => {
  const batch = keyValue.batch();
  const found = batch.hashGetAll(key);
  await batch.run();
  return found.value();
};

test('what a store does not answer is tried again after growing waits, also what is read', async () => {
  const { keyValue, waits, retried } = storeOf({ silentFor: 3, attempts: 4 });
  const batch = keyValue.batch();
  batch.hashSet('a', { x: '1' });
  const found = batch.hashGetAll('a');
  await batch.run();
  expect(found.value()).toEqual({ x: '1' });
  expect(waits).toEqual([100, 200, 300]);
  expect(retried).toEqual(Array.from({ length: 3 }, () => 'the connection was lost'));
});

test('a store that does not answer any attempt is the error of whoever asked, and nothing is put aside', async () => {
  const { keyValue, aside, runs } = storeOf({ silentFor: 10 });
  const batch = keyValue.batch();
  batch.hashSet('a', { x: '1' });
  await expect(batch.run()).rejects.toThrow('the connection was lost');
  expect([aside, runs()]).toEqual([[], 3]);
});

test.each([
  { what: 'an addition', add: (batch: KeyValueBatch) => batch.counterAdd('n', 1) },
  { what: 'a step of a score', add: (batch: KeyValueBatch) => batch.sortedIncrement('z', 'm', 1) },
  { what: 'a push to a longer list', add: (batch: KeyValueBatch) => batch.listPush('l', ['x'], 2) },
])('what would count twice is tried once: $what', async ({ add }) => {
  const { keyValue, runs } = storeOf({ silentFor: 1 });
  const batch = keyValue.batch();
  batch.hashSet('a', { x: '1' });
  add(batch);
  await expect(batch.run()).rejects.toThrow('the connection was lost');
  expect(runs()).toBe(1);
});

test('a key that holds another kind of value is put aside after the last attempt, and the others are written', async () => {
  const { keyValue, aside, waits } = storeOf();
  const before = keyValue.batch();
  before.counterAdd('taken', 1);
  await before.run();
  const batch = keyValue.batch();
  batch.hashSet('a', { x: '1' });
  batch.hashSet('taken', { x: '2' });
  batch.hashSet('b', { x: '3' });
  await batch.run();
  expect([await hashOf(keyValue, 'a'), await hashOf(keyValue, 'b')]).toEqual([{ x: '1' }, { x: '3' }]);
  expect(waits).toHaveLength(2);
  expect(aside).toEqual([
    {
      key: 'taken',
      reason: expect.stringContaining('the key holds another kind of value (WRONGTYPE)'),
      commands: [{ kind: 'hashSet', key: 'taken', fields: { x: '2' } }],
    },
  ]);
});

test('a writer that was replaced does not try again', async () => {
  const { keyValue, waits } = storeOf();
  const write = (epoch: number): Promise<void> => {
    const batch = keyValue.batch({ scope: 's', epoch });
    batch.hashSet('a', { x: String(epoch) });
    return batch.run();
  };
  await write(2);
  await expect(write(1)).rejects.toThrow(FencedError);
  expect(waits).toEqual([]);
});

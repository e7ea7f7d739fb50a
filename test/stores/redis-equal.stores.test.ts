import { randomUUID } from 'node:crypto';
import type { KeyValue, KeyValueBatch, Reply } from '@groundswell/stores';
import { createMemoryKeyValue } from '@groundswell/stores/embedded';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf, logger } from './servers.ts';

type Ask = (batch: KeyValueBatch, prefix: string) => Reply<unknown> | undefined;

const key = fc.constantFrom('a', 'b', 'c');
const word = fc.constantFrom('x', 'y', 'é', '', 'long '.repeat(20), '\uFFFD', '😀');
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const rows = [['x', 'y'], ['y', 'é'], ['z']] as const;
const cell = fc.constantFrom(null, 0, 0.1, 'x', true);
const values = fc.tuple(cell, cell);
/** A row of which nothing is left to write asks Redis nothing, not even for the kind. */
const changedFirst = values.map(([, second]) => ['before', second] as const);
const rank = fc.integer({ min: -5, max: 5 });
const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
const member = fc.record({ member: word, score });

/** Any command on any key, so that keys of the wrong kind come up as well. */
const command: fc.Arbitrary<Ask> = fc.oneof(
  fc.tuple(key, fc.dictionary(word, word)).map(
    ([k, fields]): Ask =>
      (b, p) =>
        void b.hashSet(p + k, fields),
  ),
  fc.tuple(key, fc.constantFrom(...rows), values, fc.option(changedFirst, { nil: undefined })).map(
    ([k, names, row, before]): Ask =>
      (b, p) =>
        void b.hashRow(p + k, { names, values: row.slice(0, names.length), before }),
  ),
  fc.tuple(key, fc.constantFrom(...rows)).map(
    ([k, names]): Ask =>
      (b, p) =>
        void b.hashDelete(p + k, names),
  ),
  fc.tuple(key, words).map(
    ([k, fields]): Ask =>
      (b, p) =>
        void b.hashDelete(p + k, fields),
  ),
  fc.tuple(key, words).map(
    ([k, fields]): Ask =>
      (b, p) =>
        b.hashGet(p + k, fields),
  ),
  key.map(
    (k): Ask =>
      (b, p) =>
        b.hashGetAll(p + k),
  ),
  fc.tuple(key, fc.array(member)).map(
    ([k, members]): Ask =>
      (b, p) =>
        void b.sortedAdd(p + k, members),
  ),
  fc.tuple(key, member).map(
    ([k, { member: name, score }]): Ask =>
      (b, p) =>
        void b.sortedIncrement(p + k, name, Number.isFinite(score) ? score : 1),
  ),
  fc.tuple(key, words).map(
    ([k, members]): Ask =>
      (b, p) =>
        void b.sortedRemove(p + k, members),
  ),
  fc.tuple(key, score, score).map(
    ([k, min, max]): Ask =>
      (b, p) =>
        void b.sortedRemoveByScore(p + k, min, max),
  ),
  fc.tuple(key, rank, rank).map(
    ([k, start, stop]): Ask =>
      (b, p) =>
        void b.sortedRemoveByRank(p + k, start, stop),
  ),
  fc.tuple(key, rank, rank, fc.boolean()).map(
    ([k, start, stop, reverse]): Ask =>
      (b, p) =>
        b.sortedRange(p + k, start, stop, { reverse }),
  ),
  key.map(
    (k): Ask =>
      (b, p) =>
        b.sortedCount(p + k),
  ),
  fc.tuple(key, words, fc.integer({ min: 1, max: 5 })).map(
    ([k, values, keep]): Ask =>
      (b, p) =>
        void b.listPush(p + k, values, keep),
  ),
  fc.tuple(key, rank, rank).map(
    ([k, start, stop]): Ask =>
      (b, p) =>
        b.listRange(p + k, start, stop),
  ),
  fc.tuple(key, fc.integer()).map(
    ([k, by]): Ask =>
      (b, p) =>
        b.counterAdd(p + k, by),
  ),
  key.map(
    (k): Ask =>
      (b, p) =>
        void b.delete(p + k),
  ),
  fc.tuple(key, fc.constantFrom(-1, 0, 600_000)).map(
    ([k, ms]): Ask =>
      (b, p) =>
        void b.expire(p + k, ms),
  ),
);

const outcomesOf = async (store: KeyValue, asks: readonly Ask[], prefix: string): Promise<unknown[]> => {
  const batch = store.batch();
  const replies = asks.map((ask) => ask(batch, prefix));
  const failed = await batch.run().then(
    () => 'done',
    (error: Error) => error.message.replaceAll(prefix, ''),
  );
  const answers = replies.map((reply) => {
    try {
      return reply?.value();
    } catch {
      return 'failed';
    }
  });
  return [failed, ...answers];
};

let redis: KeyValue | undefined;
beforeAll(async () => {
  redis = await createRedisKeyValue({ nodes: addressesOf('GROUNDSWELL_REDIS'), logger });
});
afterAll(() => redis?.close());

test('the store in memory answers every batch of commands as Redis does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(command, { maxLength: 10 }), { size: '+1' }), async (batches) => {
      const prefix = `equal:${randomUUID()}:`;
      const memory = createMemoryKeyValue({ clock: { now: () => 0 } });
      for (const asks of batches) {
        const expected = await outcomesOf(redis as KeyValue, asks, prefix);
        expect(await outcomesOf(memory, asks, prefix)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});

import { createLogger } from '@groundswell/process';
import { createMemoryKeyValue, type KeyValue } from '@groundswell/stores';
import { expect, test } from 'vitest';
import { itemOf } from '../knowledge/item.ts';
import { type Entry, entryOf } from './entry.ts';
import { blendEntries, openOfflineScores } from './offline.ts';

const logger = createLogger('test', 'silent');
const at = 1_000;
const entry = (id: string, realTime?: number): Entry => {
  const event = { id, type: 'post' as const, at, ingested_at: at, source: 'test', post_id: id };
  return {
    ...entryOf(itemOf({ ...event, user_id: 'author', author_id: 'author' }), ['hot']),
    realTime,
    score: realTime,
  };
};
const blend = {
  store: { name: 'nightly', timeoutMs: 20, place: { kind: 'hashes' as const, keyPrefix: 'nightly:' } },
  field: 'score',
  key: "event.user_id + ':' + event.post_id",
  weights: { kind: 'fixed' as const, realTime: 0.6, offline: 0.4 },
};

test('each item has the row of its user and itself; what is no number counts as missing', async () => {
  const keyValue = createMemoryKeyValue({ clock: { now: () => at } });
  const batch = keyValue.batch();
  batch.hashSet('nightly:ann:1', { score: '0.5' });
  batch.hashSet('nightly:ann:2', { score: 'high' });
  batch.hashSet('nightly:bob:3', { score: '1' });
  await batch.run();
  const scores = openOfflineScores(blend, { keyValue, logger });
  expect(
    await scores?.read(
      'ann',
      ['1', '2', '3'].map((id) => entry(id)),
    ),
  ).toEqual([0.5, undefined, undefined]);
});

test('0.6 of the score of the model and 0.4 of the other; one that is missing leaves the other alone', () => {
  const blended = blendEntries([entry('1', 0.5), entry('2', 0.5), entry('3')], blend.weights, [1, undefined, 0.25]);
  expect(blended.map(({ score, offline }) => [score, offline])).toEqual([
    [0.7, 1],
    [0.5, undefined],
    [0.25, 0.25],
  ]);
});

test('a store that does not answer in time gives no scores, soon after', async () => {
  const silent: KeyValue = {
    batch: () => ({
      ...createMemoryKeyValue({ clock: { now: () => at } }).batch(),
      run: () => new Promise(() => undefined),
    }),
    close: async () => undefined,
  };
  const scores = await openOfflineScores(blend, { keyValue: silent, logger })?.read('ann', [entry('1', 0.5)]);
  expect(scores).toBeUndefined();
  expect(blendEntries([entry('1', 0.5)], blend.weights, scores).map(({ score }) => score)).toEqual([0.5]);
});

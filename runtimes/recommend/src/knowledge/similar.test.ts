import { createMemoryKeyValue } from '@groundswell/stores';
import { recommendKeysOf } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { createSimilarItems } from './similar-items.ts';
import { readStoredSimilar } from './stored-similar.ts';

const clock = { now: () => 1_000 };

test('what is similar by actions is what most of the takers took, not what most took', async () => {
  const keyValue = createMemoryKeyValue({ clock });
  const keys = recommendKeysOf('p', 'r');
  const batch = keyValue.batch();
  for (const [id, takers] of Object.entries({ a: 40, b: 40, hit: 4000 })) batch.counterAdd(keys.takers(id), takers);
  batch.sortedAdd(keys.together('a'), [
    { member: 'hit', score: 35 },
    { member: 'b', score: 30 },
  ]);
  await batch.run();
  const similar = createSimilarItems({ keyValue, pipeline: 'p', recommender: 'r', now: clock.now });
  const [ofA, ofNone] = await similar.of(['a', 'none']);
  expect(ofA?.map(({ id }) => id)).toEqual(['b', 'hit']);
  expect(ofNone).toEqual([]);
});

test('what a store says is similar counts by its place; items without a row have none', async () => {
  const store = { read: async () => [['x, y,,'], [undefined]] };
  expect(await readStoredSimilar(['a', 'b'], { store, field: 'similar', timeoutMs: 1 })).toEqual([
    [
      { id: 'x', similarity: 1 },
      { id: 'y', similarity: 0.5 },
    ],
    [],
  ]);
});

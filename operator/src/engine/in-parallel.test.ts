import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

const items = [1, 2, 3, 4, 5, 6, 7];

test('each is worked on once, in order, and never more at once than asked for', async () => {
  const begun: number[] = [];
  let [now, most] = [0, 0];
  await inParallel(items, 3, async (item) => {
    begun.push(item);
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
  });
  expect(begun).toEqual(items);
  expect(most).toBe(3);
});

test('a failure is thrown when nothing is under way any more', async () => {
  let ended = 0;
  const work = async (item: number): Promise<void> => {
    if (item === 2) throw new Error('two');
    await Promise.resolve();
    ended += 1;
  };
  await expect(inParallel(items, 2, work)).rejects.toThrow('two');
  expect(ended).toBe(items.length - 1);
});

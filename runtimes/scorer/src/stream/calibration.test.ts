import { expect, test } from 'vitest';
import { createCalibrationBook } from './calibration.ts';

test('a post counts once in each bin of the scores that it had, by the artifact that gave them', () => {
  const book = createCalibrationBook();
  let bins = book.scored(undefined, { digest: 'a', score: 0.12 });
  for (const score of [0.19, 0.99, 1]) bins = book.scored(bins, { digest: 'a', score });
  bins = book.scored(bins, { digest: 'b', score: 0 });
  book.matured(bins, true);
  book.matured(book.scored(undefined, { digest: 'a', score: 0.95 }), false);
  expect(book.snapshot()).toEqual({
    a: { posts: [0, 1, 0, 0, 0, 0, 0, 0, 0, 2], positives: [0, 1, 0, 0, 0, 0, 0, 0, 0, 1] },
    b: { posts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], positives: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  });
});

test('what changed is told once, also after a restart, and artifacts of long ago go', () => {
  const first = createCalibrationBook();
  for (let i = 0; i < 9; i++) first.matured({ [`digest-${i}`]: 1 }, false);
  expect(first.drain().gone).toEqual(['digest-0']);
  expect(first.drain()).toEqual({ changed: {}, gone: [] });
  const second = createCalibrationBook(JSON.parse(JSON.stringify(first.snapshot())));
  expect(Object.keys(second.drain().changed)).toHaveLength(8);
  second.matured({ 'digest-8': 1 }, true);
  expect(second.drain().changed).toEqual({ 'digest-8': { posts: [2, ...zeros], positives: [1, ...zeros] } });
});

const zeros = new Array<number>(9).fill(0);

import { expect, test } from 'vitest';
import { likeThose, similarity } from './similar.ts';

test('items are the more alike the more of their takers took both, and little is believed of few', () => {
  expect(similarity(40, 50, 50)).toBeGreaterThan(similarity(20, 50, 50));
  expect(similarity(20, 50, 50)).toBeGreaterThan(similarity(20, 50, 500));
  expect(similarity(40, 40, 40)).toBeGreaterThan(similarity(1, 1, 1));
  // Counts of a worker that has not seen all yet.
  expect(similarity(5, 0, 0)).toBeCloseTo(similarity(5, 5, 5), 12);
});

test('what is like several of the taken items comes first, without those', () => {
  const lists = [
    [
      { id: 'b', similarity: 0.5 },
      { id: 'x', similarity: 0.4 },
      { id: 'y', similarity: 0.3 },
    ],
    [
      { id: 'a', similarity: 0.5 },
      { id: 'y', similarity: 0.3 },
      { id: 'z', similarity: 0.4 },
    ],
  ];
  expect(likeThose(lists, new Set(['a', 'b']))).toEqual([
    { id: 'y', similarity: 0.6 },
    { id: 'x', similarity: 0.4 },
    { id: 'z', similarity: 0.4 },
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rank, scoreOf, weighted } from './rank.ts';

test.each([
  { texts: ['3', '2'], weights: [1, 10], score: 23 },
  { texts: ['3', undefined], weights: [1, 10], score: 3 },
  { texts: ['0', undefined], weights: [1, 10], score: 0 },
  { texts: ['2', '1'], weights: [1, -10], score: -8 },
  { texts: ['text', '1'], weights: [1, 2], score: 2 },
  { texts: [undefined, undefined], weights: [1, 10], score: undefined },
])('of $texts with the weights $weights the score is $score', ({ texts, weights, score }) => {
  expect(scoreOf(texts, weighted(weights))).toBe(score);
});

test('an account whose score is no number is not ranked', () => {
  expect(scoreOf(['1', '0'], ([a = 0, b = 0]) => a / b)).toBeUndefined();
});

test('a ranking does not depend on the order in which accounts come', () => {
  const account = fc.record({ author: fc.string(), score: fc.integer({ min: -3, max: 3 }) });
  fc.assert(
    fc.property(fc.uniqueArray(account, { selector: ({ author }) => author }), fc.nat(5), (accounts, keep) => {
      const ranked = rank(accounts, keep);
      expect(rank(accounts.toReversed(), keep)).toEqual(ranked);
      expect(ranked.map(({ score }) => score)).toEqual(
        accounts
          .map(({ score }) => score)
          .sort((a, b) => b - a)
          .slice(0, keep),
      );
    }),
  );
});

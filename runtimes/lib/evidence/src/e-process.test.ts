import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confidenceSequence, logEvidence } from './e-process.ts';

const difference = fc.double({ min: -1, max: 1, noNaN: true });
const series = fc.array(difference, { maxLength: 80 });
const mean = fc.double({ min: -0.9, max: 0.9, noNaN: true });

/** Every series of `length` throws of a coin with two values, and how likely it is. */
const throwsOf = (coin: { low: number; high: number; chance: number }, length: number) => {
  let all: { probability: number; values: number[] }[] = [{ probability: 1, values: [] }];
  for (let i = 0; i < length; i++)
    all = all.flatMap(({ probability, values }) => [
      { probability: probability * coin.chance, values: [...values, coin.high] },
      { probability: probability * (1 - coin.chance), values: [...values, coin.low] },
    ]);
  return all;
};

describe('the e-value', () => {
  test('is 1 before there is any difference', () => {
    expect(logEvidence([], 0)).toBeCloseTo(0, 12);
  });

  test('is expected to stay at most 1 where the hypothesis holds, whatever the distribution', () => {
    const coins = fc.record({
      low: fc.double({ min: -1, max: 0, noNaN: true }),
      high: fc.double({ min: 0, max: 1, noNaN: true }),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(coins, fc.integer({ min: 1, max: 8 }), (coin, length) => {
        const truth = coin.chance * coin.high + (1 - coin.chance) * coin.low;
        fc.pre(Math.abs(truth) < 0.95);
        const expected = throwsOf(coin, length).reduce(
          (sum, { probability, values }) => sum + probability * Math.exp(logEvidence(values, truth)),
          0,
        );
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test('does not depend on the order of the differences', () => {
    fc.assert(
      fc.property(series, mean, (differences, m) => {
        expect(logEvidence([...differences].reverse(), m)).toBeCloseTo(logEvidence(differences, m), 9);
      }),
    );
  });

  test('falls with the mean that it speaks against', () => {
    fc.assert(
      fc.property(series, mean, mean, (differences, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(logEvidence(differences, high)).toBeLessThanOrEqual(logEvidence(differences, low) + 1e-9);
      }),
    );
  });

  test('is the mean of what the bets win, of long series too', () => {
    const differences = Array.from({ length: 1000 }, (_, i) => (i % 3 === 0 ? 0.5 : -0.2));
    const bets = Array.from({ length: 10 }, (_, i) => 0.9 * 0.6 ** i);
    const stakes = bets.map((bet) => differences.reduce((stake, x) => stake * (1 + bet * x), 1));
    expect(logEvidence(differences, 0)).toBeCloseTo(Math.log(stakes.reduce((sum, s) => sum + s, 0) / 10), 9);
  });
});

describe('the confidence sequence', () => {
  test('is everything before there is any difference', () => {
    expect(confidenceSequence([], 0.05)).toEqual({ low: -1, high: 1 });
  });

  test('holds the mean of the differences, and narrows with their number', () => {
    const steady = (n: number) => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.3 : -0.1));
    const [few, many] = [confidenceSequence(steady(40), 0.05), confidenceSequence(steady(4000), 0.05)];
    expect(few.low).toBeLessThan(0.1);
    expect(few.high).toBeGreaterThan(0.1);
    expect(many.low).toBeGreaterThan(few.low);
    expect(many.high).toBeLessThan(few.high);
    expect(many.high - many.low).toBeLessThan(0.05);
  });

  test('leaves out exactly the means that the evidence speaks against', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 30, maxLength: 60 }), (differences) => {
        const { low } = confidenceSequence(differences, 0.1);
        fc.pre(low > -0.99 && low < 0.99);
        expect(logEvidence(differences, low - 1e-4)).toBeGreaterThanOrEqual(Math.log(20));
        expect(logEvidence(differences, low + 1e-4)).toBeLessThan(Math.log(20));
      }),
    );
  });
});

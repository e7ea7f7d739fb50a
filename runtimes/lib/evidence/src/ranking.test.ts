import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecision, type Labelled, liftAt, rocAuc } from './ranking.ts';

const casesOf = (positives: readonly number[], negatives: readonly number[]): Labelled[] => [
  ...positives.map((score) => ({ score, positive: true })),
  ...negatives.map((score) => ({ score, positive: false })),
];
const labelled = fc.record({ score: fc.integer({ min: 0, max: 20 }), positive: fc.boolean() });
const bothClasses = fc
  .array(labelled, { minLength: 2, maxLength: 60 })
  .filter((cases) => cases.some((c) => c.positive) && cases.some((c) => !c.positive));

/** The definition: over all pairs, how often the positive scores above, ties counting half. */
const pairwise = (cases: readonly Labelled[]): number => {
  const wins = cases
    .filter((c) => c.positive)
    .flatMap((p) =>
      cases.filter((c) => !c.positive).map((q) => (p.score > q.score ? 1 : p.score === q.score ? 0.5 : 0)),
    );
  return wins.reduce((sum: number, w) => sum + w, 0) / wins.length;
};

const sampleVariance = (values: readonly number[]): number => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.length < 2 ? 0 : values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
};
const deLongVariance = (cases: readonly Labelled[]): number => {
  const positives = cases.filter((c) => c.positive);
  const negatives = cases.filter((c) => !c.positive);
  const ofPositives = positives.map((p) => pairwise([p, ...negatives]));
  const ofNegatives = negatives.map((q) => pairwise([...positives, q]));
  return sampleVariance(ofPositives) / positives.length + sampleVariance(ofNegatives) / negatives.length;
};

describe('rocAuc', () => {
  test.each([
    { name: 'a perfect order', cases: casesOf([3, 4], [1, 2]), auc: 1 },
    { name: 'a reversed order', cases: casesOf([1, 2], [3, 4]), auc: 0 },
    { name: 'equal scores', cases: casesOf([1, 1], [1]), auc: 0.5 },
  ])('is $auc for $name', ({ cases, auc }) => {
    expect(rocAuc(cases)?.value).toBe(auc);
  });

  test('is undefined where a class is empty', () => {
    expect(rocAuc(casesOf([1, 2], []))).toBeUndefined();
  });

  test('equals the share of pairs in the right order', () => {
    fc.assert(
      fc.property(bothClasses, (cases) => {
        expect(rocAuc(cases)?.value).toBeCloseTo(pairwise(cases), 12);
      }),
    );
  });

  test("has DeLong's interval, computed here from the placement values of the definition", () => {
    fc.assert(
      fc.property(bothClasses, (cases) => {
        const auc = rocAuc(cases);
        const half = 1.959964 * Math.sqrt(deLongVariance(cases));
        expect(auc?.low).toBeCloseTo(Math.max(0, pairwise(cases) - half), 10);
        expect(auc?.high).toBeCloseTo(Math.min(1, pairwise(cases) + half), 10);
      }),
    );
  });
});

describe('averagePrecision', () => {
  test('is the mean of the precision at each positive where scores differ', () => {
    expect(averagePrecision(casesOf([4, 2], [3, 1]))).toBeCloseTo((1 / 1 + 2 / 3) / 2, 12);
  });
  test('is the base rate where all scores are equal', () => {
    expect(averagePrecision(casesOf([1, 1], [1, 1, 1, 1]))).toBeCloseTo(2 / 6, 12);
  });
});

describe('liftAt', () => {
  test('is the precision of the best share over the base rate', () => {
    expect(liftAt(casesOf([10, 9], [8, 7, 6, 5, 4, 3, 2, 1]), 0.2)).toBeCloseTo(5, 12);
  });
  test('is 1 where the score says nothing, whatever the order of the cases', () => {
    fc.assert(
      fc.property(bothClasses, fc.double({ min: 0.01, max: 1, noNaN: true }), (cases, share) => {
        const flat = cases.map((c) => ({ ...c, score: 1 }));
        expect(liftAt(flat, share)).toBeCloseTo(1, 9);
      }),
    );
  });
  test('of everything is 1', () => {
    fc.assert(
      fc.property(bothClasses, (cases) => {
        expect(liftAt(cases, 1)).toBeCloseTo(1, 9);
      }),
    );
  });
});

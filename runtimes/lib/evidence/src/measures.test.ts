import { describe, expect, test } from 'vitest';
import { calibrationError, logLoss, measuresOf, stabilityIndex } from './measures.ts';
import { createRandom } from './test/simulation.ts';

const casesOf = (seed: number, rateOf: (score: number) => number) => {
  const random = createRandom(seed);
  return Array.from({ length: 20_000 }, () => {
    const score = random();
    return { score, positive: random() < rateOf(score) };
  });
};

describe('measures of a variant', () => {
  test('log loss is the mean surprise, with a bound for a certain error', () => {
    expect(
      logLoss([
        { score: 0.8, positive: true },
        { score: 0.4, positive: false },
      ]),
    ).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(logLoss([{ score: 0, positive: true }])).toBeCloseTo(-Math.log(0.001), 12);
    expect(logLoss([])).toBeUndefined();
  });

  test('the calibration error of a calibrated model is next to nothing, and that of a shifted one its shift', () => {
    expect(calibrationError(casesOf(1, (score) => score))).toBeLessThan(0.01);
    expect(calibrationError(casesOf(2, (score) => score * 0.5))).toBeCloseTo(0.25, 1);
    expect(calibrationError([])).toBeUndefined();
  });

  test('chance among few cases is no calibration error', () => {
    const errors = Array.from(
      { length: 50 },
      (_, seed) => calibrationError(casesOf(seed, (score) => score).slice(0, 60)) ?? 1,
    );
    expect(errors.reduce((sum, e) => sum + e, 0) / 50).toBeLessThan(0.05);
  });

  test('the stability index is about 0 for equal distributions and grows with the change', () => {
    const values = (seed: number, shift: number) => casesOf(seed, () => 0).map(({ score }) => score + shift);
    expect(stabilityIndex(values(1, 0), values(2, 0))).toBeLessThan(0.01);
    expect(stabilityIndex(values(1, 0), values(2, 0.3))).toBeGreaterThan(0.25);
    expect(stabilityIndex(values(1, 0), [0.5, 0.5])).toBeLessThan(Infinity);
    expect(stabilityIndex([], [1])).toBeUndefined();
  });

  test('a constant score has an index against a varied one', () => {
    expect(
      stabilityIndex(
        casesOf(1, () => 0).map(({ score }) => score),
        new Array<number>(1000).fill(0.5),
      ),
    ).toBeGreaterThan(1);
  });

  test('what needs both classes is undefined without them', () => {
    expect(measuresOf([{ score: 0.3, positive: false }])).toMatchObject({
      labels: 1,
      positives: 0,
      auc: undefined,
      prAuc: undefined,
    });
  });
});

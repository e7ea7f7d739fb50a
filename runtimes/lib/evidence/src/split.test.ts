import { describe, expect, test } from 'vitest';
import { logSplitEvidence } from './split.ts';
import { createRandom } from './test/simulation.ts';

/** Binomial coefficient. */
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);

describe('the evidence against a split', () => {
  test('is nothing before there are keys', () => {
    expect(logSplitEvidence([])).toBe(0);
    expect(logSplitEvidence([{ share: 0.3, champion: 0, challenger: 0 }])).toBeCloseTo(0, 9);
  });

  test.each([0.01, 0.1, 0.5, 0.9])('is expected to stay 1 where %d is what keys get', (share) => {
    const keys = 30;
    let expected = 0;
    for (let k = 0; k <= keys; k++)
      expected +=
        choose(keys, k) *
        share ** k *
        (1 - share) ** (keys - k) *
        Math.exp(logSplitEvidence([{ share, champion: keys - k, challenger: k }]));
    expect(expected).toBeCloseTo(1, 9);
  });

  test('is not led astray by shares that change', () => {
    const random = createRandom(1);
    const counts = [0.1, 0.5].map((share) => ({ share, champion: 0, challenger: 0 }));
    for (const segment of counts)
      for (let i = 0; i < 50_000; i++) random() < segment.share ? segment.challenger++ : segment.champion++;
    expect(logSplitEvidence(counts)).toBeLessThan(Math.log(20));
    const together = counts.reduce((sum, { champion, challenger }) => ({
      share: 0.1,
      champion: sum.champion + champion,
      challenger: sum.challenger + challenger,
    }));
    expect(logSplitEvidence([together])).toBeGreaterThan(Math.log(1e6));
  });

  test('finds a split that is two points off in 20,000 keys', () => {
    expect(logSplitEvidence([{ share: 0.5, champion: 10_400, challenger: 9600 }])).toBeGreaterThan(Math.log(1000));
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareInterval } from './proportion.ts';

test.each([
  // statsmodels.stats.proportion.proportion_confint(method='wilson')
  { positives: 0, cases: 0, low: 0, high: 1 },
  { positives: 0, cases: 10, low: 0, high: 0.2775 },
  { positives: 8, cases: 10, low: 0.4902, high: 0.9433 },
  { positives: 50, cases: 100, low: 0.4038, high: 0.5962 },
  { positives: 1000, cases: 1000, low: 0.9962, high: 1 },
])('$positives of $cases is a share between $low and $high', ({ positives, cases, low, high }) => {
  const found = shareInterval(positives, cases);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

test('the share lies within, and more cases of the same share say more', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (positives, others) => {
      const cases = positives + others + 1;
      const { low, high } = shareInterval(positives, cases);
      expect(low).toBeLessThanOrEqual(positives / cases + 1e-12);
      expect(high).toBeGreaterThanOrEqual(positives / cases - 1e-12);
      const more = shareInterval(positives * 4, cases * 4);
      expect(more.high - more.low).toBeLessThan(high - low);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLatencies } from './latencies.ts';

test('quantiles are at most one bucket (5 %) above the exact ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.02, max: 80_000_000, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const latencies = createLatencies();
        for (const value of values) latencies.note(value);
        const exact = values.sort((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? Number.NaN;
        const quantile = latencies.quantile(share) ?? Number.NaN;
        expect(quantile).toBeGreaterThanOrEqual(exact * 0.999_999);
        expect(quantile).toBeLessThanOrEqual(exact * 1.050_001);
      },
    ),
  );
});

test('nothing noted has no quantile; zero and less is zero; beyond the last bucket is the last', () => {
  const latencies = createLatencies();
  expect(latencies.quantile(0.5)).toBeUndefined();
  latencies.note(0);
  latencies.note(-5);
  expect(latencies.quantile(1)).toBe(0);
  latencies.note(1e15);
  expect(latencies.quantile(1)).toBeGreaterThan(86_400_000);
  expect(latencies.count).toBe(3);
});

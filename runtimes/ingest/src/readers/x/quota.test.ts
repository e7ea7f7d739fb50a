import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQuotaCount } from './quota.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

test('no day and no billing month ever gets more than its quota without the reserve, over any restarts', () => {
  const quota = { perMonth: 300, perDay: 20, resetDay: 10, reservePercent: 10 };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: day }), { minLength: 500, maxLength: 1500 }),
      fc.nat(),
      (gaps, cut) => {
        let count = createQuotaCount(quota, null);
        const [days, months] = [new Map<string, number>(), new Map<string, number>()];
        let at = start;
        for (const [i, gap] of gaps.entries()) {
          at += gap / 20;
          if (i === cut % gaps.length) count = createQuotaCount(quota, count.use());
          if (!count.take(at)) continue;
          const date = new Date(at).toISOString().slice(0, 10);
          days.set(date, (days.get(date) ?? 0) + 1);
          const month = new Date(at - 9 * day).toISOString().slice(0, 7);
          months.set(month, (months.get(month) ?? 0) + 1);
        }
        expect(Math.max(...days.values())).toBeLessThanOrEqual(18);
        expect(Math.max(...months.values())).toBeLessThanOrEqual(270);
      },
    ),
    { numRuns: 20 },
  );
});

test('all of it is used where enough comes, and says until when it waits', () => {
  const count = createQuotaCount({ perMonth: 100, resetDay: 10, reservePercent: 1 }, null);
  let taken = 0;
  while (count.take(start)) taken++;
  expect(taken).toBe(99);
  expect(count.usedUpUntil(start)).toBe(Date.UTC(2026, 0, 10));
  expect(count.take(Date.UTC(2026, 0, 10))).toBe(true);
});

test('a larger quota is taken at once', () => {
  const count = createQuotaCount({ perDay: 1, resetDay: 1, reservePercent: 0 }, null);
  expect([count.take(start), count.take(start)]).toEqual([true, false]);
  expect(count.usedUpUntil(start)).toBe(start + day);
  count.adopt({ perDay: 2, resetDay: 1, reservePercent: 0 });
  expect(count.take(start)).toBe(true);
});

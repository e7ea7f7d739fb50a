import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQuotaCount } from './quota.ts';
import { percentOfRule, thinnedRule } from './rules.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const whenShort = 'pause' as const;

test('no day and no billing month ever gets more than its quota without the reserve, over any restarts', () => {
  const quota = { perMonth: 300, perDay: 20, resetDay: 10, reservePercent: 10, whenShort };
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
  const count = createQuotaCount({ perMonth: 100, resetDay: 10, reservePercent: 1, whenShort }, null);
  let taken = 0;
  while (count.take(start)) taken++;
  expect(taken).toBe(99);
  expect(count.usedUpUntil(start)).toBe(Date.UTC(2026, 0, 10));
  expect(count.take(Date.UTC(2026, 0, 10))).toBe(true);
});

test('a larger quota is taken at once', () => {
  const count = createQuotaCount({ perDay: 1, resetDay: 1, reservePercent: 0, whenShort }, null);
  expect([count.take(start), count.take(start)]).toEqual([true, false]);
  expect(count.usedUpUntil(start)).toBe(start + day);
  count.adopt({ perDay: 2, resetDay: 1, reservePercent: 0, whenShort });
  expect(count.take(start)).toBe(true);
});

describe('a quota that is short', () => {
  const minute = 60_000;
  /** Posts of five minutes: quiet nights, loud days, weekends, chance and a storm on the tenth. */
  const postsAt = (at: number, random: () => number): number => {
    const hour = (at % day) / 3_600_000;
    const rhythm = 1 + 0.8 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    const weekend = [0, 6].includes(new Date(at).getUTCDay()) ? 0.7 : 1;
    const storm = at >= start + 9 * day && at < start + 9 * day + 6 * 3_600_000 ? 5 : 1;
    return Math.round(28 * rhythm * weekend * storm * (0.7 + 0.6 * random()));
  };
  /** Numbers in (0, 1) that are the same in each run (Lehmer's generator, MINSTD). */
  const seeded = (seed: number) => {
    let state = seed;
    return () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
  };

  interface Run {
    readonly days: ReadonlyMap<string, number>;
    readonly used: number;
    readonly came: number;
    /** As many as those that were read stand for. */
    readonly estimated: number;
    readonly changes: number;
    readonly stoppedMs: number;
  }
  const month = (quota: Parameters<typeof createQuotaCount>[0], seed: number): Run => {
    const random = seeded(seed);
    let count = createQuotaCount(quota, null);
    const days = new Map<string, number>();
    let [used, came, estimated, changes, stoppedMs, inForce] = [0, 0, 0, 0, 0, 100];
    for (let at = start; at < start + 31 * day; at += 5 * minute) {
      // A pod is replaced now and then.
      if (random() < 0.002) count = createQuotaCount(quota, JSON.parse(JSON.stringify(count.use())));
      const percent = count.percent(at);
      if (percent !== inForce) changes++;
      inForce = percent;
      if (count.usedUpUntil(at) !== undefined) stoppedMs += 5 * minute;
      const posts = postsAt(at, random);
      came += posts;
      for (let i = 0; i < posts; i++) {
        if (random() * 100 >= percent || !count.take(at + i)) continue;
        used++;
        estimated += 100 / percent;
        const date = new Date(at).toISOString().slice(0, 10);
        days.set(date, (days.get(date) ?? 0) + 1);
      }
    }
    return { days, used, came, estimated, changes, stoppedMs };
  };

  test.each([{ share: 0.9 }, { share: 0.25 }, { share: 0.04 }])(
    'lasts for the month, is used to 98 %, never exceeded, and counts stay right, with a share of $share of what comes',
    ({ share }) => {
      const { came } = month(undefined, 7);
      const perMonth = Math.round(came * share);
      const { used, estimated, changes, stoppedMs } = month(
        { perMonth, resetDay: 1, reservePercent: 0, whenShort: 'sample' },
        7,
      );
      expect(used).toBeLessThanOrEqual(perMonth);
      expect(used / perMonth).toBeGreaterThanOrEqual(0.98);
      expect(Math.abs(estimated / came - 1)).toBeLessThan(0.02);
      // Two requests each: far below what X allows for rules.
      expect(changes).toBeLessThan(31 * 24 * 4);
      expect(stoppedMs).toBeLessThan(3_600_000);
    },
  );

  test('lasts for each day, also where the month has more', () => {
    const quota = { perMonth: 10_000_000, perDay: 1_600, resetDay: 1, reservePercent: 5, whenShort: 'sample' } as const;
    const { days, estimated, came } = month(quota, 3);
    const used = [...days.values()];
    expect(Math.max(...used)).toBeLessThanOrEqual(1_520);
    // The first day is read before anything is known of days.
    for (const posts of used.slice(1)) expect(posts / 1_520).toBeGreaterThan(0.9);
    expect(Math.abs(estimated / came - 1)).toBeLessThan(0.1);
  });

  test('is all asked for where it is enough', () => {
    const run = month({ perMonth: 10_000_000, resetDay: 1, reservePercent: 1, whenShort: 'sample' }, 5);
    expect({ used: run.used, changes: run.changes }).toEqual({ used: run.came, changes: 0 });
  });

  test('says how much is used, which share is read, and when it would run out', () => {
    const count = createQuotaCount({ perMonth: 31_000, resetDay: 1, reservePercent: 0, whenShort: 'pause' }, null);
    for (let i = 0; i < 2_000; i++) count.take(start + (i * day) / 2_000);
    const { used, share, exhaustedAt } = count.report(start + day) ?? {};
    expect({ used, share }).toEqual({ used: 2_000, share: 1 });
    // 29,000 are left, 2,000 a day.
    expect(Math.abs((exhaustedAt ?? 0) - (start + 15.5 * day))).toBeLessThan(day / 4);
    count.adopt({ perMonth: 31_000, resetDay: 1, reservePercent: 0, whenShort: 'sample' });
    expect(count.percent(start + day)).toBe(48);
    expect(count.report(start + day)).toEqual({ used: 2_000, share: 0.48 });
  });

  test('thins out so that the hundred most frequent stay in their order', () => {
    // As tags are: the n-th comes 1 / n times as often as the first.
    const random = seeded(11);
    const tags = Array.from({ length: 2_000 }, (_, i) => ({
      tag: `t${i}`,
      posts: Math.round((40_000 / (i + 1)) * (0.8 + 0.4 * random())),
    }));
    const thinned = tags.map(({ posts }) => {
      let sum = 0;
      for (let i = 0; i < posts; i++) if (random() < 0.25) sum += 4;
      return sum;
    });
    const top = tags
      .map(({ posts }, i) => ({ posts, estimate: thinned[i] ?? 0 }))
      .sort((a, b) => b.posts - a.posts)
      .slice(0, 100);
    const rankOf = (values: readonly number[]) => values.map((value) => values.filter((other) => other > value).length);
    const [right, found] = [rankOf(top.map(({ posts }) => posts)), rankOf(top.map(({ estimate }) => estimate))];
    const squares = right.reduce((sum, rank, i) => sum + (rank - (found[i] ?? 0)) ** 2, 0);
    expect(1 - (6 * squares) / (100 * (100 ** 2 - 1))).toBeGreaterThan(0.95);
  });
});

test('a thinned rule says how much is left of it', () => {
  expect(thinnedRule('cats OR dogs', 100)).toBe('cats OR dogs');
  expect(thinnedRule('cats OR dogs', 25)).toBe('(cats OR dogs) sample:25');
  expect(['cats OR dogs', '(cats OR dogs) sample:25', '(a) (b) sample:7'].map(percentOfRule)).toEqual([100, 25, 7]);
});

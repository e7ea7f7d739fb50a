import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyRules,
  beta,
  blend,
  byInterests,
  byScore,
  mergeCandidates,
  mix,
  type Rule,
  thompson,
  withTrials,
} from './index.ts';

/** The same sequence for the same seed (mulberry32). */
const randomOf = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};
const idOf = (id: string): string => id;
const id = fc.nat(30).map(String);
const list = fc.uniqueArray(id, { maxLength: 12 });

describe('candidates', () => {
  const found = fc
    .array(fc.array(id, { maxLength: 12 }), { maxLength: 5 })
    .map((lists) => lists.map((items, i) => ({ source: `s${i}`, items })));

  test('are all that the sources found, each once, with every source that found it', () => {
    fc.assert(
      fc.property(found, (sources) => {
        const merged = mergeCandidates(sources, 1_000);
        expect(merged.map((one) => one.id).sort()).toEqual([...new Set(sources.flatMap(({ items }) => items))].sort());
        for (const { id, sources: of } of merged)
          expect(of).toEqual(sources.filter(({ items }) => items.includes(id)).map(({ source }) => source));
      }),
    );
  });

  test('cut short are the beginning of the whole, and each source keeps its best', () => {
    fc.assert(
      fc.property(found, fc.nat(20), (sources, most) => {
        const cut = mergeCandidates(sources, most).map((one) => one.id);
        expect(cut).toEqual(
          mergeCandidates(sources, 1_000)
            .slice(0, most)
            .map((one) => one.id),
        );
        if (most >= sources.length)
          for (const { items } of sources) expect(cut).toEqual(expect.arrayContaining(items.slice(0, 1)));
      }),
    );
  });
});

test('a blend lies between its scores, and is the one that is known where only one is', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(score, score, score, (realTime, offline, weight) => {
      const weights = { realTime: weight, offline: 1 - weight };
      const both = blend(weights, { realTime, offline }) ?? Number.NaN;
      expect(both).toBeGreaterThanOrEqual(Math.min(realTime, offline) - 1e-12);
      expect(both).toBeLessThanOrEqual(Math.max(realTime, offline) + 1e-12);
      expect(blend(weights, { realTime, offline: undefined })).toBe(realTime);
      expect(blend(weights, { realTime: Number.NaN, offline })).toBe(offline);
    }),
  );
  expect(blend({ realTime: 0.6, offline: 0.4 }, { realTime: 0.5, offline: 1 })).toBeCloseTo(0.7);
  expect(blend({ realTime: 0.6, offline: 0.4 }, { realTime: undefined, offline: Number.NaN })).toBeUndefined();
});

describe('Thompson sampling', () => {
  test.each([
    [1, 20],
    [0.3, 0.4],
    [5, 2],
    [500, 9_500],
  ])('draws from Beta(%d, %d) with its mean and variance', (a, b) => {
    const random = randomOf(7);
    const draws = Array.from({ length: 20_000 }, () => beta(a, b, random));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    const expected = a / (a + b);
    const spread = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(spread / draws.length));
    expect(variance / spread).toBeGreaterThan(0.9);
    expect(variance / spread).toBeLessThan(1.1);
  });

  test('orders all items, each once, whatever is known of them', () => {
    const tried = fc.uniqueArray(fc.record({ id, impressions: fc.nat(1_000), successes: fc.nat(1_000) }), {
      selector: (item) => item.id,
    });
    fc.assert(
      fc.property(tried, fc.nat(), (items, seed) => {
        const ordered = thompson(items, { prior: { successes: 1, failures: 20 }, random: randomOf(seed) });
        expect(ordered.map((item) => item.id).sort()).toEqual(items.map((item) => item.id).sort());
      }),
    );
  });

  test('with feedback finds the best of ten items, and shows it most', () => {
    const random = randomOf(3);
    const rates = Array.from({ length: 10 }, (_, i) => (i === 6 ? 0.3 : 0.1));
    const items = rates.map((rate, i) => ({ id: String(i), rate, impressions: 0, successes: 0 }));
    for (let round = 0; round < 3_000; round++) {
      const [first] = thompson(items, { prior: { successes: 1, failures: 20 }, random });
      const shown = items[Number(first?.id)];
      if (shown === undefined) continue;
      shown.impressions++;
      if (random() < shown.rate) shown.successes++;
    }
    expect(items[6]?.impressions).toBeGreaterThan(2_000);
    // A new item is tried before it is given up.
    for (const item of items) expect(item.impressions).toBeGreaterThan(5);
  });
});

describe('a mix of lists', () => {
  test('has each item once, as many as there are up to the count, and each list in its order', () => {
    const parts = fc.array(fc.record({ items: list, share: fc.constantFrom(0.1, 0.5, 20, 50) }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.nat(20), (lists, count) => {
        const mixed = mix(lists, { idOf, count });
        const all = new Set(lists.flatMap(({ items }) => items));
        expect(new Set(mixed).size).toBe(mixed.length);
        expect(mixed.length).toBe(Math.min(count, all.size));
      }),
    );
  });

  test('gives each list its share of every beginning, to within the number of lists', () => {
    const lists = [50, 30, 20].map((share, part) => ({
      share,
      items: Array.from({ length: 100 }, (_, i) => `${part}:${i}`),
    }));
    const mixed = mix(lists, { idOf, count: 100 });
    for (let length = 1; length <= mixed.length; length++)
      for (const [part, { share }] of lists.entries()) {
        const given = mixed.slice(0, length).filter((item) => item.startsWith(`${part}:`)).length;
        expect(Math.abs(given - (length * share) / 100)).toBeLessThanOrEqual(2);
      }
  });

  test('a list without a share comes only where the others have nothing left', () => {
    const parts = [
      { items: ['a', 'b'], share: 0 },
      { items: ['c'], share: 50 },
    ];
    expect(mix(parts, { idOf, count: 3 })).toEqual(['c', 'a', 'b']);
  });
});

describe('trials', () => {
  test('take their places and no others: the rest keeps its order, nothing comes twice', () => {
    fc.assert(
      fc.property(
        list,
        list,
        fc.record({ count: fc.nat(15), share: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.nat() }),
        (best, trials, { count, share, seed }) => {
          const answer = withTrials(best, trials, { idOf, count, share, random: randomOf(seed) });
          expect(new Set(answer).size).toBe(answer.length);
          expect(answer.length).toBeLessThanOrEqual(count);
          const rest = answer.filter((item) => !trials.includes(item));
          expect(rest).toEqual(best.filter((item) => rest.includes(item)));
        },
      ),
    );
  });

  test('get the declared share of impressions on average, also of answers shorter than one in the share', () => {
    const random = randomOf(11);
    const best = Array.from({ length: 20 }, (_, i) => `best${i}`);
    const trials = Array.from({ length: 20 }, (_, i) => `new${i}`);
    let shown = 0;
    for (let i = 0; i < 20_000; i++)
      shown += withTrials(best, trials, { idOf, count: 10, share: 0.05, random }).filter((x) =>
        x.startsWith('new'),
      ).length;
    expect(shown / 200_000).toBeGreaterThan(0.047);
    expect(shown / 200_000).toBeLessThan(0.053);
  });
});

describe('rules', () => {
  const scored = fc.uniqueArray(
    fc.record({
      id,
      author: fc.constantFrom('ann', 'bob', 'cid'),
      score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
    { selector: (entry) => entry.id },
  );

  test('diversity only reorders, and keeps to its limit at the top while there are others', () => {
    fc.assert(
      fc.property(
        scored,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        (entries, maxPerAuthor, inFirst) => {
          const list = byScore(entries);
          const answer = applyRules(list, [{ kind: 'diversity', maxPerAuthor, inFirst }]);
          expect(answer.map((entry) => entry.id).sort()).toEqual(list.map((entry) => entry.id).sort());
          const room = ['ann', 'bob', 'cid']
            .map((author) => Math.min(maxPerAuthor, list.filter((entry) => entry.author === author).length))
            .reduce((sum, count) => sum + count, 0);
          const top = answer.slice(0, Math.min(inFirst, room));
          for (const author of ['ann', 'bob', 'cid'])
            expect(top.filter((entry) => entry.author === author).length).toBeLessThanOrEqual(maxPerAuthor);
        },
      ),
    );
  });

  test('what is dropped is gone, and a boost moves up what it is about', () => {
    fc.assert(
      fc.property(scored, (entries) => {
        const rules: readonly Rule<(typeof entries)[number]>[] = [
          { kind: 'drop', drops: ({ author }) => author === 'bob' },
          { kind: 'boost', holds: ({ author }) => author === 'ann', factor: 1_000 },
        ];
        const answer = applyRules(byScore(entries), rules);
        expect(answer.map((entry) => entry.id).sort()).toEqual(
          entries
            .filter(({ author }) => author !== 'bob')
            .map((entry) => entry.id)
            .sort(),
        );
        const scores = answer.map(({ score }) => score ?? Number.NEGATIVE_INFINITY);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});

test('interests put first what has most of them, and leave out what has none', () => {
  const items = [
    { id: 'none', tags: ['cars'] },
    { id: 'one', tags: ['cats', 'cars'] },
    { id: 'two', tags: ['cats', 'dogs'] },
    { id: 'pure', tags: ['cats'] },
  ];
  expect(byInterests(items, new Set(['cats', 'dogs'])).map((item) => item.id)).toEqual(['two', 'pure', 'one']);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Distribution, Summary } from './card.ts';
import { createDrift } from './drift.ts';
import { binOf, psiOf } from './psi.ts';
import { createDriftWatch } from './watch.ts';

/** Ten even bins of 0 to 1. */
const even: Distribution = {
  missing: 0,
  edges: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  shares: Array(10).fill(0.1),
};
const half: Distribution = { missing: 0.5, edges: [10], shares: [0.25, 0.75] };
const summary: Summary = { features: { reach: even, tags: half }, score: even };

test('a value belongs to the bin that its edges say, what is missing to the first', () => {
  expect([0, 0.1, 0.15, 0.9, 5, -5, Number.NaN].map((value) => binOf(even, value))).toEqual([1, 2, 2, 10, 10, 1, 0]);
  expect(binOf({ missing: 1, edges: [], shares: [] }, 3)).toBe(1);
});

test('every value has a bin, and only one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 9 }), fc.double(), (unsorted, value) => {
      const edges = [...unsorted].sort((a, b) => a - b);
      const bin = binOf({ missing: 0, edges, shares: [] }, value);
      if (Number.isNaN(value)) return bin === 0;
      return (
        (bin === 1 || value >= (edges[bin - 2] ?? 0)) && (bin === edges.length + 1 || value < (edges[bin - 1] ?? 0))
      );
    }),
  );
});

test('the index is the formula, less what chance brings', () => {
  // Missing 50 %, 12.5 %, 37.5 % in training; 25 %, 25 %, 50 % now.
  const counts = Float64Array.of(250, 250, 500);
  const formula = (0.25 - 0.5) * Math.log(0.25 / 0.5) + 0.125 * Math.log(0.25 / 0.125) + 0.125 * Math.log(0.5 / 0.375);
  expect(psiOf(half, counts)).toBeCloseTo(formula - 2 / 1000, 12);
  expect(psiOf(half, Float64Array.of(500, 125, 375))).toBe(0);
});

const hour = 3_600_000;
/** Rows spread evenly over [from, to), in the bins of training, moved by `shift`. */
const noted = (drift: ReturnType<typeof createDrift>, { rows = 1000, shift = 0, from = 0, to = hour } = {}) => {
  for (let i = 0; i < rows; i++) {
    const reach = (i + 0.5) / rows;
    const tags = i % 2 === 0 ? Number.NaN : i % 8 === 1 ? 3 : 20;
    drift.note(Float32Array.of(reach + shift, 7, tags), reach, from + ((to - from) * i) / rows);
  }
  return drift;
};

describe('drift', () => {
  const names = ['reach', 'unknown', 'tags'];

  test('is nothing while rows are as in training, and names the feature that moved', () => {
    const still = noted(createDrift(names, summary, hour)).read();
    expect(still?.score).toBe(0);
    expect([...(still?.features ?? [])]).toEqual([
      ['reach', 0],
      ['tags', 0],
    ]);
    const moved = noted(createDrift(names, summary, hour), { shift: 0.3 }).read();
    expect(moved?.features.get('reach')).toBeGreaterThan(0.25);
    expect(moved?.features.get('tags')).toBe(0);
  });

  test('is not told of too few rows', () => {
    expect(noted(createDrift(names, summary, hour), { rows: 199, shift: 9 }).read()).toBeUndefined();
  });

  test('forgets what is older than the window, and rows that come too late for it', () => {
    const drift = noted(createDrift(names, summary, hour), { shift: 0.5 });
    noted(drift, { from: 2 * hour, to: 3 * hour });
    noted(drift, { shift: 0.5 });
    expect(drift.read()).toMatchObject({ rows: 1000, score: 0 });
    expect(drift.read()?.features.get('reach')).toBe(0);
  });
});

test('a variant is followed by the summary of its model, and anew when that changes', () => {
  let now: Summary | undefined = summary;
  const watch = createDriftWatch({
    names: ['reach', 'unknown', 'tags'],
    limits: () => ({ windowMs: hour, maxFeaturePsi: 0.25, maxScorePsi: 0.1 }),
    summaryOf: (variant) => (variant === 'champion' ? now : undefined),
  });
  const note = (variant: string, score: number) => {
    for (let i = 0; i < 500; i++)
      watch.note({ variant, vector: Float32Array.of(0.95, 0, 20), score: score + i / 5000, at: i });
  };
  note('champion', 0.4);
  note('without a card', 0.4);
  note('champion', Number.NaN);
  const [drift, ...others] = watch.read();
  expect(others).toEqual([]);
  expect(drift).toMatchObject({ variant: 'champion', worstFeature: 'reach' });
  expect(drift?.problem).toMatch(
    /^Variant "champion": scores are distributed otherwise than in training \(PSI \d.\d+, 0.1 is the limit\); 2 features are, "reach" most \(PSI/,
  );
  now = { ...summary };
  note('champion', 0);
  expect(watch.read()[0]?.reading.rows).toBe(500);
});

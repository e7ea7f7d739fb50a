import type { Prediction } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { renderReport, reportOf } from './report.ts';

const prediction = (over: Partial<Prediction>): Prediction => ({
  model: 'virality',
  variant: 'champion',
  digest: '',
  shadow: false,
  post_id: 'p',
  author_id: 'a',
  posted_at: 0,
  scored_at: 0,
  age_ms: 0,
  trigger: 'appeared',
  score: 0.5,
  vector: [],
  latency_ms: null,
  ...over,
});

const scored = {
  predictions: [
    prediction({ post_id: 'hit', score: 0.9 }),
    prediction({ post_id: 'miss', score: 0.2 }),
    prediction({ post_id: 'hit', variant: 'baseline', shadow: true, score: 0.1 }),
    prediction({ post_id: 'miss', variant: 'baseline', shadow: true, score: 0.2 }),
    prediction({ post_id: 'miss', age_ms: 600_000, trigger: 'age', score: 0.3 }),
    prediction({ post_id: 'hit', trigger: 'change', score: 0 }),
    prediction({ post_id: 'not matured', score: 1 }),
  ],
  labels: new Map([
    ['hit', true],
    ['miss', false],
  ]),
  champion: 'champion',
  baseline: 'baseline',
};

test('posts with a matured label count, at their declared age, for the variant that scored them', () => {
  expect(reportOf('posts', scored, [0]).ages).toEqual([
    {
      age: '0s',
      rows: 2,
      positives: 1,
      auc: 1,
      aucLow: 1,
      aucHigh: 1,
      prAuc: 1,
      liftAt1: 2,
      liftAt10: 2,
      baselineAuc: 0,
      baselineLiftAt10: 0,
    },
  ]);
});

test('a figure that cannot be known is null, and a dash in the table', () => {
  const report = reportOf('posts', scored, [600_000]);
  expect(report.ages[0]).toMatchObject({ age: '10m', rows: 1, auc: null, baselineAuc: null });
  expect(renderReport(report).at(-1)).toMatch(/10m\s+1\s+0\s+–\s+–––\s+–\s+–\s+–\s+–\s+–$/);
});

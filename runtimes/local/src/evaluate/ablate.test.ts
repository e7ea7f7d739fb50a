import type { Feature } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { groupsOf } from './ablate.ts';
import { renderAblation } from './ablation-report.ts';

const feature = (name: string, expression: string, hidden = false): Feature => ({
  ...{ name, hidden, type: 'float' },
  source: { kind: 'expression', expression },
});
const counted = (name: string, window: string): Feature => ({
  ...{ name, hidden: false, type: 'float' },
  source: { kind: 'window', window, hash: 'w:{post_id}', field: name, key: [], combine: 'Max' },
});

test('features are grouped by where they come from, expressions by what they read', () => {
  const features = [
    feature('minutes', 'age / 60000.0'),
    feature('hidden_followers', 'event.user.followers', true),
    counted('reposts', 'post-1h'),
    feature('rate', 'log1p(reposts) - log1p(minutes)'),
    feature('reach', 'hidden_followers * 2.0'),
    feature('heat', 'hidden_followers * reposts'),
    feature('tags', 'size(event.tags)'),
  ];
  expect(groupsOf(features)).toEqual({
    time: ['minutes'],
    'post-1h': ['reposts', 'rate', 'heat'],
    profile: ['reach'],
    post: ['tags'],
  });
});

test('the report says what each brings, the most first, and nothing where a class is empty', () => {
  const at = (zero: number | null, hour: number) => [
    { ageMs: 0, auc: zero, liftAt10: null },
    { ageMs: 3_600_000, auc: hour, liftAt10: 2 },
  ];
  const without = [
    { name: 'text', features: ['words'], ages: at(0.801, 0.9) },
    { name: 'post-1h', features: ['reposts', 'rate'], ages: at(null, 0.7) },
  ];
  expect(renderAblation({ rows: 100, testRows: 20, ages: at(0.8, 0.9), without })).toEqual([
    'Trained on 100 rows, judged by 20. ROC-AUC with all features, and what each of these brings to it:',
    '',
    '         features      0s     60m',
    '    all         3   0.800   0.900',
    'post-1h         2       –  +0.200',
    '   text         1  −0.001  +0.000',
  ]);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dashboardFile, dashboards } from './dashboards.ts';
import { readMetrics } from './read-metrics.ts';
import { rules } from './rules.ts';

const metrics = new Map(readMetrics().map((metric) => [metric.name, metric]));
const runbooks = readFileSync(join(import.meta.dirname, '../../../docs/operations/runbooks.md'), 'utf8');

interface Query {
  readonly of: string;
  readonly expr: string;
}

const queries: readonly Query[] = [
  ...rules.map(({ alert, expr }) => ({ of: alert, expr })),
  ...dashboards.flatMap(({ name, panels }) =>
    panels.flatMap(([title, , ...each]) => each.map(([expr]) => ({ of: `${name}: ${title}`, expr }))),
  ),
];

/** Names of metrics in a query; series of a histogram have the name of the histogram and a suffix. */
const metricsIn = (expr: string): readonly string[] =>
  [...expr.replaceAll(/"[^"]*"/g, '').matchAll(/\b[a-z]+(?:_[a-z]+)+\b(?=[{)[\s]|$)/g)]
    .map(([name]) => name)
    .filter((name) => name !== 'histogram_quantile')
    .map((name) => (metrics.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '')));

test('the code is read: each metric has a meaning, and those of the programs have labels', () => {
  expect(metrics.size).toBeGreaterThan(60);
  expect([...metrics.values()].filter(({ help }) => help === '')).toEqual([]);
  expect(metrics.get('scorer_predictions_total')).toEqual({
    ...{ name: 'scorer_predictions_total', kind: 'counter', help: 'Predictions written' },
    labels: ['model', 'variant', 'trigger'],
  });
  expect(metrics.get('window_keys')?.labels).toEqual(['window']);
});

test.each(queries)('$of asks for metrics that there are, by labels that they have', ({ expr }) => {
  const names = metricsIn(expr);
  expect(names.filter((name) => !metrics.has(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(0);
  const labels = new Set(names.flatMap((name) => metrics.get(name)?.labels ?? []));
  const asked = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
  expect(asked.filter((label) => !['namespace', 'le'].includes(label) && !labels.has(label))).toEqual([]);
});

test('each alert has a runbook, and each runbook an alert', () => {
  const headings = [...runbooks.matchAll(/^## (Groundswell\w+)$/gm)].map(([, name]) => name);
  expect(headings).toEqual(rules.map(({ alert }) => alert));
});

test.each(dashboards)('dashboard $name has panels side by side, and each query a place of its own', (dashboard) => {
  const { panels, uid } = JSON.parse(dashboardFile(dashboard)) as {
    readonly uid: string;
    readonly panels: readonly { id: number; gridPos: { x: number; y: number }; targets: { refId: string }[] }[];
  };
  expect(uid.length).toBeLessThanOrEqual(40);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length);
  for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
});

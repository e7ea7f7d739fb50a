import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import { createStages } from './stages.ts';

const minute = 60_000;

const stagesAt = (program: { readonly name: string; readonly stampLatency?: false } = { name: 'w' }) => {
  let now = 0;
  const metrics = createMetrics();
  const stages = createStages({ metrics, clock: { now: () => now }, program });
  const at = (ms: number): void => {
    now = ms;
  };
  return { metrics, stages, at };
};

test('what was noted is told in the order of the stages, and by Prometheus', async () => {
  const { metrics, stages } = stagesAt();
  for (const ms of [1, 2, 100]) stages.note('window', ms);
  stages.note('ingest', -5);
  const [ingest, window, ...others] = stages.report();
  expect(others).toEqual([]);
  expect(ingest).toEqual({ stage: 'ingest', count: 1, p50Ms: 0, p99Ms: 0 });
  expect(window).toMatchObject({ stage: 'window', count: 3 });
  expect(window?.p50Ms).toBeCloseTo(2, 0);
  expect(window?.p99Ms).toBeGreaterThanOrEqual(100);
  expect(await metrics.registry.metrics()).toContain('pipeline_stage_seconds_count{program="w",stage="window"} 3');
});

test('a report is of the last minutes: what is older is forgotten', () => {
  const { stages, at } = stagesAt();
  stages.note('sink', 500);
  at(3 * minute);
  stages.note('sink', 1);
  expect(stages.report()).toMatchObject([{ count: 2 }]);
  at(6 * minute);
  stages.note('sink', 1);
  expect(stages.report()[0]).toMatchObject({ count: 2 });
  expect(stages.report()[0]?.p99Ms).toBeLessThan(2);
  at(60 * minute);
  expect(stages.report()).toEqual([]);
});

test('where latencies are not to be stamped, there is nothing of them', async () => {
  const { metrics, stages } = stagesAt({ name: 'w', stampLatency: false });
  stages.note('window', 1);
  expect(stages.report()).toEqual([]);
  expect(await metrics.registry.metrics()).not.toContain('pipeline_stage');
});

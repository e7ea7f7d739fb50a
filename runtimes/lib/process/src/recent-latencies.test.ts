import { expect, test } from 'vitest';
import { createRecentLatencies } from './recent-latencies.ts';

test('what was noted counts for one to two spans, and then no more', () => {
  let now = 0;
  const latencies = createRecentLatencies({ now: () => now }, 60_000);
  const most = () => latencies.recent().quantile(1);
  expect(most()).toBeUndefined();
  latencies.note(100);
  now = 60_000;
  latencies.note(1);
  expect(most()).toBeCloseTo(100, -1);
  now = 119_000;
  expect(most()).toBeCloseTo(100, -1);
  now = 120_000;
  expect(most()).toBeCloseTo(1, 0);
  now = 300_000;
  expect(most()).toBeUndefined();
});

import { expect, test } from 'vitest';
import type { Goal } from './goal.ts';
import { goalAt } from './schedules.ts';

const pace = { stabilizationMs: 0, maxStep: undefined };
const office = { start: '0 8 * * 1-5', end: '0 18 * * 1-5', timeZone: 'Europe/Berlin', minReplicas: 4 };
const noon = { start: '0 12 * * *', end: '0 13 * * *', timeZone: 'Europe/Berlin', minReplicas: 9 };
const goal: Goal = {
  ...{ freshnessMs: 500, utilization: 0.7, min: 2, max: 6, up: pace, down: pace },
  schedules: [office, noon],
};

test.each([
  { at: '2026-11-20T06:59:00Z', min: 2, what: 'before it starts' },
  { at: '2026-11-20T07:00:01Z', min: 4, what: 'once it has started, by its own time' },
  { at: '2026-11-20T11:30:00Z', min: 6, what: 'while another one wants more, and never more than the most' },
  { at: '2026-11-20T12:00:01Z', min: 4, what: 'after that other one' },
  { at: '2026-11-20T17:00:01Z', min: 2, what: 'after its end' },
  { at: '2026-11-21T09:00:00Z', min: 2, what: 'on a day on which it does not start' },
])('a schedule has its number of pods at least: $min $what', ({ at, min }) => {
  expect(goalAt(goal, Date.parse(at)).min).toBe(min);
});

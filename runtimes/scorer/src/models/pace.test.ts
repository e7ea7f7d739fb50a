import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

const full = { more: true, isFull: true };

test('rows that wait take as long as those of full runs did', () => {
  let at = 0;
  const pace = createPace(() => at);
  for (at = 10; at <= 100; at += 10) pace.ran(100, full);
  expect(pace.estimate(1000)).toBeCloseTo(100);
});

test('a run of one row that the process stood still in says nothing of many', () => {
  let at = 0;
  const pace = createPace(() => at);
  for (at = 10; at <= 100; at += 10) pace.ran(100, full);
  at += 500;
  pace.ran(1, { more: true, isFull: false });
  expect(pace.estimate(1000)).toBeCloseTo(100);
});

import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import type { PodReport } from '../plan/pod-report.ts';
import { createScaler, type Scaled } from './scaler.ts';

const goal = {
  ...{ freshnessMs: 500, utilization: 0.7, min: 1, max: 8 },
  up: { stabilizationMs: 0, maxStep: undefined },
  down: { stabilizationMs: 300_000, maxStep: undefined },
  schedules: [],
};
const scaled: Scaled = { program: 'w', goal, acts: true, topic: 'events', replicas: 1, ready: 1 };

/** The look number `n`, ten seconds after the one before; so many records a second come, each takes a millisecond. */
const said = (n: number, arrivals: number): readonly PodReport[] => {
  const at = n * 10_000;
  const partitions = Array.from({ length: 24 }, (_, partition) => {
    const end = Math.round((n * arrivals * 10) / 24);
    return { topic: 'events', partition, end, committed: end, taken: end };
  });
  const of = (look: number): ProgramReport => ({
    ...{ program: 'w', revision: 'r', at: look * 10_000, health: { kind: 'ready' }, produced: {} },
    ...{ records: look * 100, busyMs: look * 100, inputs: { at, partitions } },
  });
  return [{ pod: 'w-0', program: 'w', current: of(n), previous: n === 0 ? undefined : of(n - 1), since: 0 }];
};

const started = (change: Partial<Scaled> = {}) => {
  const scaler = createScaler(() => 7);
  scaler.follow('a/b', [{ ...scaled, ...change }]);
  return scaler;
};

test('the first look knows no rate; the second one decides, once', () => {
  const scaler = started();
  expect(scaler.look('a/b', said(0, 10_000))).toBe(true);
  expect(scaler.decisions('a/b').get('w')?.decision).toMatchObject({ to: 1, reason: 'Unknown' });
  expect(scaler.look('a/b', said(1, 10_000))).toBe(true);
  expect(scaler.decisions('a/b').get('w')).toMatchObject({ decidedAt: 7, applied: true, decision: { from: 1, to: 8 } });
  scaler.follow('a/b', [{ ...scaled, replicas: 8, ready: 1 }]);
  expect(scaler.look('a/b', said(1, 10_000))).toBe(false);
  expect(scaler.look('a/b', said(2, 10_000))).toBe(false);
});

test('who only recommends says it once, though nobody follows it', () => {
  const scaler = started({ acts: false });
  for (const n of [0, 1]) scaler.look('a/b', said(n, 10_000));
  expect(scaler.decisions('a/b').get('w')).toMatchObject({ applied: false, decision: { to: 8 } });
  expect([2, 3, 4].map((n) => scaler.look('a/b', said(n, 10_000)))).toEqual([false, false, false]);
});

test('without reports nothing is decided, and what is followed no more is forgotten', () => {
  const scaler = started();
  expect(scaler.look('a/b', [])).toBe(false);
  expect(scaler.decisions('a/b').size).toBe(0);
  scaler.look('a/b', said(0, 1));
  scaler.follow('a/b', []);
  expect(scaler.decisions('a/b').size).toBe(0);
});

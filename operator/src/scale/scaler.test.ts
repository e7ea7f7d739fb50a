import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import type { PodReport } from '../plan/pod-report.ts';
import type { Look } from './load-of.ts';
import { createScaler, type Scaled } from './scaler.ts';

const goal = {
  ...{ freshnessMs: 500, utilization: 0.7, min: 1, max: 8 },
  up: { stabilizationMs: 0, maxStep: undefined },
  down: { stabilizationMs: 300_000, maxStep: undefined },
  schedules: [],
};
const scaled: Scaled = { program: 'w', goal, acts: true, topic: 'events', group: 'g', replicas: 1, ready: 1 };

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

/** A scaler whose clock is turned by hand, for a program that may have no pods. */
const sleepy = (replicas: number) => {
  let now = 0;
  const down = { stabilizationMs: 20_000, maxStep: undefined };
  const asked = { key: 'a/b', program: 'w', topic: 'events', group: 'g' };
  const scaler = createScaler(() => now);
  const follow = (pods: number) =>
    scaler.follow('a/b', [{ ...scaled, goal: { ...goal, min: 0, down }, replicas: pods, ready: pods }]);
  follow(replicas);
  const log = (end: number, waiting: number): Look => ({
    at: now,
    partitions: [{ topic: 'events', partition: 0, end, taken: end - waiting, waiting }],
  });
  return {
    ...{ scaler, follow },
    /** Ten seconds later; the pods say that nothing comes. */
    idle: (n: number) => scaler.look('a/b', said(n, 0)),
    turn: (ms: number) => {
      now += ms;
    },
    sees: (end: number, waiting = 0) => scaler.lookAtLog(asked, log(end, waiting)),
    isBlind: () => scaler.lookAtLog(asked, undefined),
    to: () => scaler.decisions('a/b').get('w')?.decision.to,
  };
};

test('where nothing comes all pods go, and one comes with the first record', () => {
  const one = sleepy(2);
  for (const n of [0, 1, 2, 3, 4]) {
    one.turn(10_000);
    one.sees(0);
    one.idle(n);
  }
  expect(one.to()).toBe(0);
  one.follow(0);
  for (let i = 0; i < 3; i++) {
    one.turn(10_000);
    one.sees(0);
  }
  expect(one.to()).toBe(0);
  one.turn(10_000);
  expect(one.sees(1, 1)).toBe(true);
  expect(one.to()).toBe(1);
});

test('who cannot be seen in Kafka keeps a pod', () => {
  const one = sleepy(2);
  for (const n of [0, 1, 2, 3, 4]) {
    one.turn(10_000);
    one.isBlind();
    one.idle(n);
  }
  expect(one.to()).toBe(1);
});

test('who is asleep is woken when Kafka cannot be asked for a minute, and not before', () => {
  const one = sleepy(0);
  one.turn(10_000);
  one.sees(0);
  const blind = Array.from({ length: 6 }, () => {
    one.turn(10_000);
    one.isBlind();
    return one.to();
  });
  expect(blind).toEqual([0, 0, 0, 0, 0, 1]);
});

test('another operator that begins while all sleep wakes nobody', () => {
  const one = sleepy(0);
  expect(one.isBlind()).toBe(false);
  one.turn(10_000);
  one.sees(0);
  expect(one.to()).toBe(0);
});

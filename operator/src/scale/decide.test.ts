import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type Memory, noMemory } from './decide.ts';
import type { Goal } from './goal.ts';
import type { Load } from './load.ts';
import { type Simulation, simulate } from './simulation.fixture.ts';

const goal: Goal = {
  freshnessMs: 500,
  utilization: 0.7,
  min: 1,
  max: 100,
  up: { stabilizationMs: 0, maxStep: undefined },
  down: { stabilizationMs: 300_000, maxStep: undefined },
  schedules: [],
};
const load = (change: Partial<Load> = {}): Load => ({
  at: 0,
  replicas: 2,
  ready: 2,
  arrivals: 1_000,
  partitions: lags(24, 0),
  serviceMs: 1,
  ...change,
});
const lags = (count: number, each: number | undefined) =>
  Array.from({ length: count }, (_, partition) => ({ partition, lag: each, stuck: false }));
const settled: Memory = { ...noMemory, since: -1e9 };
const decided = (change: Partial<Load> = {}, goals: Partial<Goal> = {}, memory: Memory = settled) =>
  decide(load(change), { ...goal, ...goals }, memory).decision;

describe('one look', () => {
  test.each<[string, Partial<Load>, Partial<Goal>, number, string]>([
    ['steady load keeps the planned utilization', {}, {}, 2, 'Steady'],
    ['more than that needs more', { arrivals: 3_000 }, {}, 5, 'MoreArrivals'],
    ['a backlog is worked off in time', { partitions: lags(24, 10_000) }, {}, 12, 'Backlog'],
    ['a backlog within the goal is none', { partitions: lags(24, 20) }, {}, 2, 'Steady'],
    ['pods are never more than partitions', { arrivals: 1e6, partitions: lags(3, 1e6) }, {}, 3, 'MoreArrivals'],
    ['nor more than allowed', { arrivals: 1e6 }, { max: 7 }, 7, 'MoreArrivals'],
    [
      'at most so many are added at once',
      { arrivals: 1e6 },
      { up: { stabilizationMs: 0, maxStep: 3 } },
      5,
      'MoreArrivals',
    ],
    ['bounds count at once, in both directions', { replicas: 9, ready: 9 }, { max: 4 }, 4, 'OutOfBounds'],
    [
      'a partition that is not known changes nothing',
      { arrivals: 0, partitions: lags(24, undefined), replicas: 5 },
      {},
      5,
      'Unknown',
    ],
    [
      'nor does a rate that is not known',
      { arrivals: undefined, partitions: lags(24, 1e6), replicas: 5 },
      {},
      5,
      'Unknown',
    ],
    [
      'nor a time of work that is not known',
      { serviceMs: undefined, partitions: lags(24, 1e6), replicas: 5 },
      {},
      5,
      'Unknown',
    ],
    [
      'from nothing one pod is woken to see how long a record takes',
      { serviceMs: undefined, replicas: 0, ready: 0, partitions: lags(24, 1) },
      { min: 0 },
      1,
      'MoreArrivals',
    ],
    ['without anything to do none is needed, where that is allowed', { arrivals: 0 }, { min: 0 }, 0, 'Idle'],
    ['else the least', { arrivals: 0 }, { min: 1 }, 1, 'Idle'],
  ])('%s', (_, change, goals, to, reason) => {
    expect(decided(change, goals)).toMatchObject({ to, reason });
  });

  test('of 24 partitions, 12 pods do as much as 22, so 22 are never asked for', () => {
    const asked = new Set(Array.from({ length: 300 }, (_, i) => decided({ arrivals: i * 100 }, {}).to));
    for (const pods of [13, 22, 23]) expect(asked).not.toContain(pods);
    expect(asked).toContain(24);
  });

  test('a partition that does not move is left out, and said so', () => {
    const partitions = lags(4, 0).map((one) => (one.partition === 2 ? { ...one, lag: 1e6, stuck: true } : one));
    expect(decided({ partitions })).toMatchObject({
      to: 2,
      message: expect.stringContaining('partition 2 does not move'),
    });
  });

  test('less is done only when less was enough for the whole time', () => {
    const few = { replicas: 8, ready: 8 };
    expect(decided(few, {}, noMemory)).toMatchObject({ to: 8, reason: 'Stabilizing' });
    const known: Memory = { ...noMemory, since: -300_000, needs: [{ at: -100_000, pods: 5, roomy: 6 }] };
    expect(decided(few, {}, known)).toMatchObject({ to: 6, reason: 'FewerArrivals' });
    expect(decided(few, { down: { stabilizationMs: 60_000, maxStep: 1 } }, known)).toMatchObject({ to: 7 });
  });

  test('pods that are on their way are waited for', () => {
    const memory: Memory = { ...settled, grownAt: -5_000 };
    const backlog = { partitions: lags(24, 10_000), replicas: 4, ready: 2 };
    expect(decided(backlog, {}, memory)).toMatchObject({ to: 4, reason: 'PodsStarting' });
    expect(decided({ ...backlog, arrivals: 9_000 }, {}, memory).to).toBeGreaterThan(4);
  });
});

const amount = fc.option(fc.nat(1_000_000), { nil: undefined });
const anyLoad: fc.Arbitrary<Load> = fc.record({
  at: fc.nat(1_000_000),
  replicas: fc.nat(60),
  ready: fc.nat(60),
  arrivals: amount,
  partitions: fc
    .array(amount, { maxLength: 48 })
    .map((each) => each.map((lag, partition) => ({ partition, lag, stuck: lag === 13 }))),
  serviceMs: fc.option(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { nil: undefined }),
});

test('whatever is measured, the number is within the bounds, whole, and never shrinks by what is unknown', () => {
  fc.assert(
    fc.property(anyLoad, fc.nat(20), fc.integer({ min: 1, max: 50 }), (measured, min, more) => {
      const bounded = { ...goal, min, max: min + more };
      const { decision } = decide(measured, bounded, settled);
      const most = measured.partitions.length === 0 ? bounded.max : Math.min(bounded.max, measured.partitions.length);
      expect(Number.isInteger(decision.to)).toBe(true);
      expect(decision.to).toBeLessThanOrEqual(most);
      expect(decision.to).toBeGreaterThanOrEqual(Math.min(min, most));
      if (decision.reason === 'Unknown') expect(decision.to).toBe(measured.replicas);
      expect(decide(measured, bounded, settled)).toEqual(decide(measured, bounded, settled));
    }),
  );
});

test('more arrivals never lead to fewer pods', () => {
  fc.assert(
    fc.property(anyLoad, fc.nat(1_000_000), (measured, more) => {
      if (measured.arrivals === undefined) return;
      const to = (arrivals: number) => decide({ ...measured, arrivals }, goal, settled).decision;
      // At zero nothing is asked for; a time of work that is not known says nothing of either.
      if (measured.serviceMs === undefined) return;
      expect(to(measured.arrivals + more).to).toBeGreaterThanOrEqual(
        to(measured.arrivals).reason === 'Backlog' ? 0 : to(measured.arrivals).to,
      );
    }),
  );
});

const burst: Simulation = {
  goal,
  partitions: 24,
  serviceMs: 0.35,
  startMs: 15_000,
  arrivals: (second) => (second < 120 ? 1_000 : 10_000),
  seconds: 600,
  every: 5,
  first: 1,
};

/** Seconds from the burst until records are, and stay, done within the goal. */
const backAfter = (simulation: Simulation): number =>
  (simulate(simulation).findLast(({ second, age }) => second >= 120 && age > goal.freshnessMs / 1_000)?.second ?? 119) -
  119;

describe('driven by load', () => {
  test.each([0.2, 0.35, 1, 3])(
    'after a burst of ten times the load, at %d ms a record, the goal is met again within 60 s, with at most 1.3 times the pods that would do',
    (serviceMs) => {
      const simulation = {
        ...burst,
        serviceMs,
        partitions: 96,
        first: Math.ceil((1_000 * serviceMs) / 700),
        arrivals: burst.arrivals,
      };
      const traces = simulate(simulation);
      expect(backAfter(simulation)).toBeLessThan(60);
      const most = Math.max(...traces.map(({ pods }) => pods));
      let best = 1;
      while (backAfter({ ...simulation, fixed: { from: 120, pods: best } }) >= 60) best += 1;
      expect(most).toBeLessThanOrEqual(Math.ceil(best * 1.3));
    },
  );

  test.each([60, 240, 600])('a sawtooth of %d s turns the number of pods around at most twice in an hour', (period) => {
    const traces = simulate({
      ...burst,
      arrivals: (second) => 1_000 + (9_000 * (second % period)) / period,
      noise: (second) => 0.1 * Math.sin(second * 12.9898),
      seconds: 3_600,
    });
    const moves = traces
      .map(({ pods }, i) => Math.sign(pods - (traces[i - 1]?.pods ?? pods)))
      .filter((move) => move !== 0);
    const reversals = moves.filter((move, i) => i > 0 && move !== moves[i - 1]).length;
    expect(reversals).toBeLessThanOrEqual(2);
  });

  test('when the load is gone, it shrinks to nothing where that is allowed, and wakes up again', () => {
    const traces = simulate({
      ...burst,
      goal: { ...goal, min: 0 },
      arrivals: (second) => (second < 60 || second > 1_000 ? 2_000 : 0),
      seconds: 1_200,
    });
    expect(traces[900]?.pods).toBe(0);
    expect(traces.at(-1)?.pods).toBeGreaterThan(0);
    expect(traces.at(-1)?.age).toBeLessThanOrEqual(0.5);
  });
});

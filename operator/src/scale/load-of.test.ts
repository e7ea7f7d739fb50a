import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import type { PodReport } from '../plan/pod-report.ts';
import { type Look, loadOf, lookOf, placesOf } from './load-of.ts';

type Part = NonNullable<ProgramReport['inputs']>['partitions'][number];
const part = (partition: number, end: number, change: Partial<Part> = {}): Part => ({
  topic: 'events',
  partition,
  end,
  committed: 0,
  ...change,
});

const podReport = (
  at: number,
  partitions: readonly Part[],
  before?: { records: number; busyMs: number },
): PodReport => {
  const current: ProgramReport = {
    ...{ program: 'window-w', revision: 'r', at, health: { kind: 'ready' } },
    ...{ records: 100, busyMs: 50, produced: {} },
    inputs: { at, partitions: [...partitions] },
  };
  const previous = before && { ...current, ...before, at: at - 10_000 };
  return { pod: `pod-${at}`, program: 'window-w', current, previous, since: 0 };
};

const load = (reports: readonly PodReport[], before?: Look) => {
  const look = lookOf(reports);
  if (look === undefined) throw new Error('nothing was told');
  return loadOf(look, { topic: 'events', reports, replicas: 2, ready: 2, before, places: placesOf(new Map(), look) });
};

test('what was taken and not committed yet does not wait, and of each partition its owner is asked', () => {
  const first = podReport(1_000, [part(0, 100, { taken: 100 }), part(1, 50, { committed: 20 })]);
  // A little later there is more, which its owner has not had the time for.
  const second = podReport(4_000, [part(0, 130, { committed: 60 }), part(1, 60, { committed: 20, taken: 58 })]);
  expect(load([first, second]).partitions).toEqual([
    { partition: 0, lag: 0, stuck: false },
    { partition: 1, lag: 2, stuck: false },
  ]);
});

test('of a partition that nobody has taken anything of, all that is not committed waits', () => {
  expect(load([podReport(0, [part(0, 100, { committed: 30 })])]).partitions[0]?.lag).toBe(70);
});

test('what was sent on by key waits in the partition of the inner topic', () => {
  const inner = part(0, 7, { topic: 'news.rekeyed', taken: 4 });
  expect(load([podReport(0, [part(0, 10, { taken: 9 }), inner])]).partitions).toEqual([
    { partition: 0, lag: 4, stuck: false },
  ]);
});

test('two looks make a rate, of the input alone; one look makes none', () => {
  const before = lookOf([podReport(0, [part(0, 100), part(0, 5, { topic: 'news.rekeyed' })])]);
  const now = podReport(10_000, [part(0, 600), part(0, 99, { topic: 'news.rekeyed' })], { records: 60, busyMs: 30 });
  expect(load([now], before)).toMatchObject({ arrivals: 50, serviceMs: 0.5 });
  expect(load([now]).arrivals).toBeUndefined();
});

test('a partition that has records and does not move for a minute is stuck', () => {
  const at = (ms: number, end: number, taken: number) => {
    const look = lookOf([podReport(ms, [part(0, end, { taken })])]);
    if (look === undefined) throw new Error('nothing was told');
    return look;
  };
  const places = placesOf(placesOf(new Map(), at(0, 5, 3)), at(60_000, 9, 3));
  const stuck = (look: Look, ready: number) =>
    loadOf(look, { topic: 'events', reports: [], replicas: 1, ready, before: undefined, places }).partitions[0]?.stuck;
  expect(stuck(at(60_000, 9, 3), 1)).toBe(true);
  expect(stuck(at(59_000, 9, 3), 1)).toBe(false);
  expect(stuck(at(60_000, 3, 3), 1)).toBe(false);
  expect(stuck(at(60_000, 9, 3), 0)).toBe(false);
});

import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import type { PodReport } from '../plan/pod-report.ts';
import { recommenderStatus } from './recommender.ts';

const program = 'recommend-shop';
const report = (at: number, times: number, change: Partial<ProgramReport>): ProgramReport => ({
  ...{ program, revision: 'a-b', at, health: { kind: 'ready' }, records: 0, busyMs: 0 },
  produced: {
    ...{ requests: 100 * times, 'from the cache': 40 * times, 'of new users': 10 * times },
    ...{ 'fallen back': 2 * times, 'items shown': 1_000 * times, successes: 50 * times },
  },
  ...change,
});
const pod = (change: Partial<ProgramReport> = {}): PodReport => ({
  ...{ pod: 'shop-0', program, since: 0, current: report(10_000, 2, change), previous: report(0, 1, {}) },
});

test('all pods of a Recommender together say how it answers', () => {
  const blend = { realTime: 0.7, offline: 0.3, labels: 12_345 };
  expect(recommenderStatus({ reports: [pod({ p99Ms: 12.34, blend }), pod({ p99Ms: 5 })] }, program)).toEqual({
    ...{ requestsPerSecond: 20, p99Ms: 12.3, cacheHitPercent: 40, coldPercent: 10, fallbackPercent: 2 },
    ...{ successPercent: 5, blend },
  });
});

test('without requests, or without a report, nothing is said of them', () => {
  const quiet = { produced: { requests: 0, successes: 0, 'items shown': 0 } };
  const reports = [{ ...pod(quiet), previous: report(0, 0, quiet) }];
  expect(recommenderStatus({ reports }, program)).toEqual({ requestsPerSecond: 0 });
  expect(recommenderStatus({ reports: [] }, program)).toEqual({});
});

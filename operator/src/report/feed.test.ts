import { FeedProgram } from '@groundswell/graph';
import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import type { PodReport } from '../plan/pod-report.ts';
import { feedStatus } from './feed.ts';

const base = { kind: 'feed', pipeline: 'site', revision: 'a-b', feed: 'home', posts: { name: 'posts' } };
const programs = [
  {
    ...{ ...base, name: 'feed-home', deadLetters: { name: 'dead' } },
    work: {
      ...{ kind: 'fanOut', jobs: { name: 'jobs' }, mode: 'Hybrid', maxFollowers: 9, shards: 4, page: 5, batch: 10 },
      ...{ maxPerAccount: 2, length: 100 },
    },
  },
  { ...base, name: 'feed-home-saver', deadLetters: { name: 'dead' }, work: { kind: 'saver', ttlMs: 1_000 } },
].map((program) => FeedProgram.parse(program));

const partition = (topic: string, end: number, taken: number) => ({ topic, partition: 0, end, committed: 0, taken });

const pod = (program: string, change: Partial<ProgramReport>): PodReport => {
  const at = (time: number, times: number): ProgramReport => ({
    ...{ program, revision: 'a-b', at: time, health: { kind: 'ready' }, records: 0, busyMs: 0 },
    produced: { deliveries: 5_000 * times, posts: 20 * times },
  });
  return { pod: program, program, since: 0, current: { ...at(10_000, 2), ...change }, previous: at(0, 1) };
};

test('the pods of a Feed say how much they deliver, how far posts are, and what waits', () => {
  const inputs = { at: 10_000, partitions: [partition('posts', 50, 43), partition('jobs', 900, 100)] };
  const fanOut = { postsInFlight: 3, followersDone: 100, followersLeft: 400 };
  const reports = [
    pod('feed-home', { inputs, p99Ms: 81.23, fanOut: { ...fanOut, expectedMs: 4_000 } }),
    pod('feed-home', { inputs, p99Ms: 12, fanOut: { ...fanOut, postsInFlight: 2, expectedMs: 20_000 } }),
    pod('feed-home-saver', { inputs: { at: 10_000, partitions: [partition('posts', 50, 48)] } }),
  ];
  expect(feedStatus({ programs, reports })).toEqual({
    ...{ postsPerSecond: 4, deliveriesPerSecond: 1_000, deliveryP99Ms: 81.2 },
    fanOut: { postsInFlight: 3, followersDone: 200, followersLeft: 800, expectedAt: '1970-01-01T00:00:30Z' },
    lag: { fanOut: 7, saver: 2 },
  });
});

test('of a Feed whose pods have not answered nothing is said', () => {
  expect(feedStatus({ programs, reports: [] })).toEqual({});
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

interface Job {
  readonly account: string;
  pages: number;
}

const limits = { budget: 10, maxPerAccount: 4, costOf: () => 1 };

const turnsOf = (jobs: readonly Job[]) => {
  const turns = createTurns<Job>();
  for (const job of jobs) turns.add(job.account, job);
  return turns;
};

/** Runs rounds to the end; answers the jobs in the order in which they ended. */
const runAll = (jobs: readonly Job[]) => {
  const turns = turnsOf(jobs);
  const ended: Job[] = [];
  let rounds = 0;
  for (; turns.size > 0; rounds++)
    for (const job of turns.round(limits)) {
      if (--job.pages > 0) continue;
      ended.push(job);
      turns.remove(job.account, job);
    }
  return { ended, rounds };
};

test('every job ends, each after as many turns as it has pages', () => {
  const job = fc.record({ account: fc.constantFrom('a', 'b', 'c'), pages: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(fc.array(job), (jobs) => {
      expect(runAll(jobs.map((each) => ({ ...each }))).ended).toHaveLength(jobs.length);
    }),
  );
});

test('an account with a million followers does not hold up others', () => {
  const hot = Array.from({ length: 64 }, () => ({ account: 'hot', pages: 30 }));
  const others = Array.from({ length: 20 }, (_, i) => ({ account: `small-${i}`, pages: 1 }));
  const { ended } = runAll([...hot, ...others]);
  expect(ended.slice(0, 20).map(({ account }) => account)).toEqual(others.map(({ account }) => account));
});

test('a round has no job twice, and no account more often than it may while others wait', () => {
  const jobs = Array.from({ length: 30 }, (_, i) => ({ account: i < 20 ? 'a' : 'b', pages: 9 }));
  const round = turnsOf(jobs).round(limits);
  expect(new Set(round).size).toBe(10);
  expect(round.slice(0, 8).filter(({ account }) => account === 'a')).toHaveLength(4);
});

test('all jobs of an account come to their turn', () => {
  const jobs = Array.from({ length: 12 }, () => ({ account: 'a', pages: 9 }));
  const turns = turnsOf(jobs);
  const seen = new Set([1, 2, 3].flatMap(() => turns.round(limits)));
  expect(seen.size).toBe(12);
});

test('a round costs no more than its budget, but for its last job', () => {
  const cost = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.array(cost, { minLength: 1 }), (costs) => {
      const turns = createTurns<number>();
      for (const i of costs.keys()) turns.add(`${i % 3}`, i);
      const round = turns.round({ budget: 10, maxPerAccount: 2, costOf: (job) => costs[job] ?? 0 });
      const spent = round.slice(0, -1).reduce((sum, job) => sum + (costs[job] ?? 0), 0);
      expect(spent).toBeLessThan(10);
      const isFull = spent + (costs[round.at(-1) ?? 0] ?? 0) >= 10;
      expect(isFull || round.length === costs.length).toBe(true);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue, type Timers } from './queue.ts';

/** A clock in the hand of the test. */
const handClock = () => {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  const clock: Timers = {
    now: () => now,
    after: (ms, then) => {
      const timer = { at: now + ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const pass = (ms: number): void => {
    now += ms;
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.then();
    }
  };
  return { clock, pass };
};

const open = (random = 0) => {
  const { clock, pass } = handClock();
  const queue = createQueue({ timers: clock, random: () => random, initialMs: 100, maxMs: 1_000 });
  return { queue, pass };
};

test('a key that is added often is taken once', async () => {
  const { queue } = open();
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  expect([await queue.take(), await queue.take(), queue.depth()]).toEqual(['a', 'b', 0]);
});

test('a key that is added while it is worked on is taken again when that is done, not before', async () => {
  const { queue } = open();
  queue.add('a');
  expect(await queue.take()).toBe('a');
  queue.add('a');
  queue.add('a');
  expect(queue.depth()).toBe(0);
  queue.done('a');
  expect(await queue.take()).toBe('a');
  queue.done('a');
  expect(queue.depth()).toBe(0);
});

test('the wait after a failure doubles up to the longest, and begins anew after a success', async () => {
  const { queue, pass } = open();
  const waitedFor = async (): Promise<number> => {
    let waited = 0;
    queue.retry('a');
    for (; queue.depth() === 0; waited += 50) pass(50);
    queue.done((await queue.take()) ?? '');
    return waited;
  };
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) waits.push(await waitedFor());
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  queue.forget('a');
  expect(await waitedFor()).toBe(100);
});

test('of several times for one key the earliest counts', async () => {
  const { queue, pass } = open();
  queue.addAfter('a', 500);
  queue.addAfter('a', 100);
  queue.addAfter('a', 900);
  pass(100);
  expect(queue.depth()).toBe(1);
  queue.done((await queue.take()) ?? '');
  pass(10_000);
  expect(queue.depth()).toBe(0);
});

test('who waits for a key when the queue is closed gets none', async () => {
  const { queue } = open();
  const waiting = queue.take();
  queue.close();
  expect([await waiting, await queue.take()]).toEqual([undefined, undefined]);
});

test('no two work on one key, and what was added last is always worked on after', async () => {
  type Step = { readonly kind: 'add' | 'retry' | 'take' | 'done'; readonly key: string };
  const key = fc.constantFrom('a', 'b', 'c');
  const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom('add', 'retry', 'take', 'done'), key });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { queue, pass } = open();
      const working = new Set<string>();
      const owed = new Set<string>();
      const take = async (): Promise<void> => {
        const taken = (await queue.take()) ?? '';
        expect(working.has(taken)).toBe(false);
        working.add(taken);
        owed.delete(taken);
      };
      for (const { kind, key } of steps) {
        if (kind === 'add') {
          queue.add(key);
          owed.add(key);
        } else if (kind === 'retry') queue.retry(key);
        else if (kind === 'take' && queue.depth() > 0) await take();
        else if (kind === 'done' && working.delete(key)) queue.done(key);
      }
      for (const key of working) queue.done(key);
      working.clear();
      pass(1_000_000);
      while (queue.depth() > 0) {
        await take();
        for (const key of working) queue.done(key);
        working.clear();
      }
      expect([...owed]).toEqual([]);
    }),
  );
});

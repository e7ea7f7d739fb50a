import { createLogger, createMetrics } from '@groundswell/process';
import { beforeEach, expect, test } from 'vitest';
import type { Subject } from './channel.ts';
import { createPump, type Pump } from './pump.ts';

let now: number;
let reads: number;
let state: () => Promise<unknown>;
let pump: Pump;
let metrics: ReturnType<typeof createMetrics>;

beforeEach(() => {
  now = 1_000_000;
  reads = 0;
  state = async () => ({ n: 1 });
  metrics = createMetrics();
  pump = createPump({ clock: { now: () => now }, logger: createLogger('test', 'silent'), metrics });
});

const subject = (changes: Partial<Subject> = {}): Subject => ({
  event: 'top',
  key: 'top virality 10',
  everyMs: 250,
  read: () => {
    reads++;
    return state();
  },
  ...changes,
});

/** Follows and skips the greeting. */
const follow = async (subjects: readonly Subject[] = [subject()], drop: () => void = () => undefined) => {
  const reader = (await pump.follow(subjects, { drop })).getReader();
  const frame = async () => {
    const { value, done } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  expect(await frame()).toBe('retry: 1000\n\n');
  return { frame, leave: () => reader.cancel() };
};

const dataOf = (frame: string | undefined) => JSON.parse(frame?.match(/^data: (.*)$/m)?.[1] ?? 'null');

test('the newest state is sent at once, as a named event with an id', async () => {
  const { frame } = await follow();
  expect(await frame()).toMatch(/^event: top\nid: top-[\w-]{16}\ndata: {"n":1}\n\n$/);
});

test('a state is sent when it changed, and only then', async () => {
  const { frame } = await follow();
  await frame();
  now += 250;
  expect(await pump.step()).toBe(0);
  state = async () => ({ n: 2 });
  now += 250;
  expect(await pump.step()).toBe(1);
  expect(dataOf(await frame())).toEqual({ n: 2 });
});

test('a subject is read at most once in its span, however often the pump steps', async () => {
  await follow();
  expect(pump.dueInMs()).toBe(250);
  for (let i = 0; i < 249; i++) {
    now += 1;
    await pump.step();
  }
  expect(reads).toBe(1);
  now += 1;
  await pump.step();
  expect(reads).toBe(2);
});

test('a thousand clients share one read', async () => {
  const clients = [];
  for (let i = 0; i < 1000; i++) clients.push(await follow());
  expect(reads).toBe(1);
  now += 250;
  state = async () => ({ n: 2 });
  await pump.step();
  expect(reads).toBe(2);
  // None had read the first state yet, so each goes straight to the second.
  for (const { frame } of clients) expect(dataOf(await frame())).toEqual({ n: 2 });
});

test('clients that come while a read is under way share it', async () => {
  let settle: (value: unknown) => void = () => undefined;
  state = () =>
    new Promise((resolve) => {
      settle = resolve;
    });
  const first = follow();
  // Slower than its span: it would be due again.
  now += 1000;
  const both = [first, follow()];
  settle({ n: 1 });
  const frames = await Promise.all((await Promise.all(both)).map(({ frame }) => frame()));
  expect(frames.map(dataOf)).toEqual([{ n: 1 }, { n: 1 }]);
  expect(reads).toBe(1);
});

test('nothing is read when nobody follows any more', async () => {
  const { leave } = await follow();
  expect(pump.clients()).toBe(1);
  await leave();
  now += 10_000;
  await pump.step();
  expect(reads).toBe(1);
  expect(pump.clients()).toBe(0);
  expect(pump.dueInMs()).toBe(Number.POSITIVE_INFINITY);
});

test('one client that leaves does not end the others', async () => {
  const [first, second] = [await follow(), await follow()];
  await second.frame();
  await first.leave();
  now += 250;
  state = async () => ({ n: 2 });
  await pump.step();
  expect(dataOf(await second.frame())).toEqual({ n: 2 });
});

test('a quiet stream carries a comment after 15 s', async () => {
  const { frame } = await follow();
  await frame();
  now += 14_999;
  await pump.step();
  now += 1;
  await pump.step();
  expect(await frame()).toBe(':\n\n');
});

test('a client that has not read for 30 s is cut off, one that reads is not', async () => {
  const cut: string[] = [];
  await follow([subject()], () => {
    cut.push('slow');
  });
  const reading = await follow([subject()], () => {
    cut.push('reading');
  });
  await reading.frame();
  now += 30_000;
  await pump.step();
  expect(cut).toEqual(['slow']);
  expect(pump.clients()).toBe(1);
  expect(await metrics.registry.metrics()).toContain('api_stream_dropped_total 1');
});

test('a store that fails is asked again, and the clients stay', async () => {
  const { frame } = await follow();
  await frame();
  state = () => Promise.reject(new Error('gone'));
  now += 250;
  await pump.step();
  expect(pump.isFailing()).toBe(true);
  state = async () => ({ n: 3 });
  now += 250;
  await pump.step();
  expect(pump.isFailing()).toBe(false);
  expect(dataOf(await frame())).toEqual({ n: 3 });
});

test('stopping ends every stream', async () => {
  const clients = [await follow(), await follow()];
  for (const { frame } of clients) await frame();
  const endings = clients.map(({ frame }) => frame());
  pump.stop();
  expect(await Promise.all(endings)).toEqual([undefined, undefined]);
});

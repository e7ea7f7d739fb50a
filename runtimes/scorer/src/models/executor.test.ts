import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { classified, fixtures } from '../../test/builders.ts';
import type { Tensor } from '../oip/tensor.ts';
import { createExecutor, type Executor, type Limits } from './executor.ts';
import { isBatchable } from './probe.ts';
import { openSession } from './session.ts';

const runs: number[] = [];
let executor: Executor;
const start = async (file: string, over: Partial<Limits> = {}): Promise<Executor> => {
  runs.length = 0;
  const session = await openSession(await readFile(join(fixtures, `${file}.onnx`)), { threads: 1 });
  const limits = { maxRows: 4, maxWaitMs: 2, maxQueue: 1000, ...over };
  executor = createExecutor({
    session,
    isBatchable: await isBatchable(session, 3),
    limits,
    onRun: ({ rows }) => runs.push(rows),
  });
  return executor;
};
afterEach(() => executor.close());

const input = (...values: number[]): Tensor => ({
  name: 'input',
  datatype: 'FP32',
  shape: [values.length / 3, 3],
  data: Float32Array.from(values),
});
const score = async (values: number[], over: object = {}): Promise<readonly number[]> => {
  const [output] = await executor.submit({ inputs: [input(...values)], outputs: ['probabilities'], ...over });
  return Array.from((output as Tensor).data as Float32Array).filter((_, i) => i % 2 === 1);
};
const close = (scores: readonly number[], rows: number[][]) => {
  expect(scores).toHaveLength(rows.length);
  for (const [i, [a = 0, b = 0, c = 0]] of rows.entries()) expect(scores[i]).toBeCloseTo(classified(a, b, c), 6);
};
const soon = () => performance.now() + 10_000;

test('requests of one turn go into one run, and each gets its own rows', async () => {
  await start('classifier');
  const rows = [
    [0, 100, 0],
    [5, 100, 3],
    [10, 200, 4],
  ];
  const scores = await Promise.all(rows.map((row) => score(row)));
  for (const [i, each] of scores.entries()) close(each, [rows[i] ?? []]);
  expect(runs).toEqual([3]);
});

test('a large request runs in parts, and lets small ones in between', async () => {
  await start('classifier');
  const many = Array.from({ length: 20 }, (_, i) => [i, 100, i % 5]);
  const ended: string[] = [];
  const ask = async (name: string, rows: number[][]) => {
    close(await score(rows.flat()), rows);
    ended.push(name);
  };
  await Promise.all([ask('large', many), ask('small', [[5, 100, 3]])]);
  expect(ended).toEqual(['small', 'large']);
  expect(Math.max(...runs)).toBe(4);
  expect(runs.reduce((sum, rows) => sum + rows)).toBe(21);
});

test('what is asked for differs from request to request in one run', async () => {
  await start('classifier');
  const [label, both] = await Promise.all([
    executor.submit({ inputs: [input(0, 100, 0)], outputs: ['label'] }),
    executor.submit({ inputs: [input(10, 200, 4)], outputs: ['probabilities', 'label'] }),
  ]);
  expect(label.map(({ name, data }) => [name, [...(data as BigInt64Array)]])).toEqual([['label', [0n]]]);
  expect(both.map(({ name }) => name)).toEqual(['probabilities', 'label']);
  expect(runs).toEqual([2]);
});

test('rows that the model fails on are refused alone; those of others in the same run are answered', async () => {
  await start('fragile');
  const ask = (followers: number) => executor.submit({ inputs: [input(0, followers, 0)], outputs: ['probability'] });
  const [good, bad, other] = await Promise.allSettled([ask(2), ask(9), ask(3)]);
  expect(good).toMatchObject({ status: 'fulfilled' });
  expect(other).toMatchObject({ status: 'fulfilled' });
  expect(bad).toMatchObject({ status: 'rejected', reason: { outcome: 'InvalidArgument' } });
});

test('what does not fit into the queue is refused at once, with a time to come back', async () => {
  await start('classifier', { maxQueue: 2 });
  const first = score([0, 100, 0, 5, 100, 3, 1, 1, 1], { deadline: soon() });
  await expect(score([0, 100, 0], { deadline: soon() })).rejects.toMatchObject({
    outcome: 'ResourceExhausted',
    retryAfterMs: expect.any(Number),
  });
  close(await first, [
    [0, 100, 0],
    [5, 100, 3],
    [1, 1, 1],
  ]);
  close(await score([0, 100, 0], { deadline: soon() }), [[0, 100, 0]]);
});

test('a request that would not come to its turn in time is refused at once', async () => {
  await start('classifier', { maxRows: 1 });
  const flood = Array.from({ length: 300 }, () => score([0, 100, 0], { deadline: soon() }));
  // Once it is known how fast rows get done.
  await Promise.all(flood.slice(0, 20));
  await expect(score([0, 100, 0], { deadline: performance.now() + 1 })).rejects.toMatchObject({
    outcome: 'ResourceExhausted',
  });
  await Promise.all(flood);
});

test('a request whose deadline passed, or that was cancelled, is not run', async () => {
  await start('classifier');
  const late = score([0, 100, 0], { deadline: performance.now() - 1 });
  const gone = score([0, 100, 0], { deadline: soon(), isCancelled: () => true });
  const outcomes = await Promise.allSettled([late, gone]);
  expect(outcomes).toMatchObject([{ reason: { outcome: 'DeadlineExceeded' } }, { reason: { outcome: 'Cancelled' } }]);
  expect(runs).toEqual([]);
  expect(executor.waiting()).toBe(0);
});

test('a model that looks across its rows gets each request alone', async () => {
  await start('centred');
  const ask = (...values: number[]) => executor.submit({ inputs: [input(...values)], outputs: ['output'] });
  const [[one], [two]] = await Promise.all([ask(1, 2, 3, 3, 4, 5), ask(7, 7, 7)]);
  expect(one?.data).toEqual(Float32Array.of(-1, -1, -1, 1, 1, 1));
  expect(two?.data).toEqual(Float32Array.of(0, 0, 0));
});

test('closing ends what was submitted first', async () => {
  await start('classifier');
  const asked = Array.from({ length: 10 }, () => score([5, 100, 3]));
  const closed = executor.close();
  for (const scores of await Promise.all(asked)) close(scores, [[5, 100, 3]]);
  await closed;
  await start('classifier');
});

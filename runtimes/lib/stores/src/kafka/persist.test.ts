import { expect, test } from 'vitest';
import { persist } from './persist.ts';

const errorOf = (retriable: boolean): Error =>
  Object.assign(new Error('This server is not the leader for that topic-partition'), { retriable });

/** Fails so often, then answers. */
const createAct = (failures: number, error: Error) => {
  const calls: string[] = [];
  const act = async (): Promise<string> => {
    calls.push('act');
    if (calls.filter((call) => call === 'act').length <= failures) throw error;
    return 'answer';
  };
  const options = {
    prepare: async () => void calls.push('prepare'),
    pause: async () => undefined,
  };
  return { calls, result: () => persist(act, options) };
};

test('a new topic whose leader is not there yet is asked for again, with fresh metadata', async () => {
  const { calls, result } = createAct(2, errorOf(true));
  expect(await result()).toBe('answer');
  expect(calls).toEqual(['act', 'prepare', 'act', 'prepare', 'act']);
});

test('what will not pass fails at once', async () => {
  const { calls, result } = createAct(1, errorOf(false));
  await expect(result()).rejects.toThrow('not the leader');
  expect(calls).toEqual(['act']);
});

test('what does not pass in time fails with the last reason', async () => {
  const { calls, result } = createAct(100, errorOf(true));
  await expect(result()).rejects.toThrow('not the leader');
  expect(calls.filter((call) => call === 'act').length).toBe(10);
});

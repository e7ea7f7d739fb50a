import { expect, test } from 'vitest';
import { optionalTypes } from '../resource-types.ts';
import { followApis } from './apis.ts';

test('APIs that come, go and cannot be asked for are noticed at the next look', async () => {
  const looks: (readonly string[] | Error)[] = [['podmonitors'], new Error('away'), ['scaledobjects'], []];
  const told: string[] = [];
  const stopping = new AbortController();
  let look = -1;
  const group = optionalTypes[0]?.group;
  const { stopped } = followApis({
    kube: {
      serves: async (asked) => {
        if (asked === group) look += 1;
        const answer = looks[look] ?? [];
        if (answer instanceof Error) throw answer;
        return new Set(answer);
      },
    },
    types: optionalTypes,
    timers: {
      now: () => 0,
      after: (_, then) => {
        if (look >= looks.length) stopping.abort();
        queueMicrotask(then);
        return () => {};
      },
    },
    everyMs: 1_000,
    signal: stopping.signal,
    onChange: async ({ kind }, served) => void told.push(`${kind} ${served ? 'came' : 'went'}`),
    onError: (error) => void told.push((error as Error).message),
  });
  await stopped;
  expect(told).toEqual(['PodMonitor came', 'away', 'PodMonitor went', 'ScaledObject came', 'ScaledObject went']);
});

import type { States } from '@groundswell/stores';
import { expect, test } from 'vitest';
import { createSaves } from './saves.ts';

const origin = { definition: 'd', sinks: 's' };
const progress = { position: 7n, sources: new Map([[0, 3n]]), epochs: new Map(), joins: undefined, evicted: 0 };
const windower = {
  snapshot: () => new Uint8Array(1_000),
  changes: () => new Uint8Array(300),
};

/** Saves that say what they do; `fails` fails once, at the save of that number. */
const told = (fails?: number) => {
  const done: string[] = [];
  const put = (how: string) => async () => {
    done.push(how);
    if (done.length === fails) throw new Error('no broker');
  };
  const states: States = {
    load: async () => new Map(),
    save: put('all'),
    append: put('changes'),
    close: async () => undefined,
  };
  return { done, saves: createSaves({ states, place: { topic: 't', shard: 0 }, epoch: 1, windower }) };
};

test('the first save of an owner is of all, the next ones are of what changed, until that is as large', async () => {
  const { done, saves } = told();
  const sizes: number[] = [];
  for (let i = 0; i < 7; i++) sizes.push(await saves.save(origin, progress));
  expect(done).toEqual(['all', 'changes', 'changes', 'changes', 'changes', 'all', 'changes']);
  expect(sizes[0]).toBeGreaterThan(1_000);
  expect(sizes[1]).toBeLessThan(400);
});

test('after a save that failed, which may be lost, comes one of all', async () => {
  const { done, saves } = told(3);
  for (let i = 0; i < 5; i++) await saves.save(origin, progress).catch(() => undefined);
  expect(done).toEqual(['all', 'changes', 'changes', 'all', 'changes']);
});

test.each([
  ['definition', { ...origin, definition: 'another' }],
  ['sinks', { ...origin, sinks: 'others' }],
])('what is of another %s is saved as a whole', async (_, changed) => {
  const { done, saves } = told();
  await saves.save(origin, progress);
  await saves.save(changed, progress);
  await saves.save(changed, progress);
  expect(done).toEqual(['all', 'all', 'changes']);
});

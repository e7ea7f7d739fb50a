import type { WindowProgram } from '@groundswell/graph';
import { decodeJson } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { aProgram, createWorld, step, type World } from '../test/world.ts';

const likes = (user: string, ...seconds: readonly number[]) =>
  seconds.map((second) => ({ at: second * 1_000, user_id: user, post_id: `${user}${second}`, lang: 'en' }));

const begin = async (sinks: WindowProgram['sinks'], changes: Partial<WindowProgram> = {}) => {
  const world = await createWorld();
  const program = aProgram({
    key: ['user_id'],
    aggregations: [
      { kind: 'count', name: 'n' },
      { kind: 'lastN', name: 'posts', field: 'event.post_id', size: 3, distinct: false },
    ],
    sinks,
    ...changes,
  });
  return { world, program, running: await world.start(program) };
};

const listOf = async ({ ports }: World, key: string): Promise<readonly string[]> => {
  const batch = ports.keyValue.batch();
  const found = batch.listRange(key, 0, -1);
  await batch.run();
  return found.value();
};
const numberOf = async ({ ports }: World, key: string): Promise<number | undefined> => {
  const batch = ports.keyValue.batch();
  const found = batch.counterGet(key);
  await batch.run();
  return found.value();
};

describe('a sorted set', () => {
  const ranking = { kind: 'sortedSet' as const, key: 'hot', member: 'u:{user_id}', score: 'n' };

  test('ranks the keys of a window by their newest value, and loses those that have none any more', async () => {
    const { world, running } = await begin([ranking]);
    await world.send([...likes('ann', 1), ...likes('bob', 2, 3)]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.sorted('hot')).toEqual([
      { member: 'u:ann', score: 1 },
      { member: 'u:bob', score: 2 },
    ]);
    await world.send(likes('ann', 11, 12, 13));
    await world.sendWatermark(19_999);
    await step(running);
    expect(await world.sorted('hot')).toEqual([{ member: 'u:ann', score: 3 }]);
  });

  test('keeps the highest, and goes when nothing changes for its time to live', async () => {
    const { world, running } = await begin([{ ...ranking, keep: 1, ttlMs: 60_000 }]);
    await world.send([...likes('ann', 1), ...likes('bob', 2, 3)]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.sorted('hot')).toEqual([{ member: 'u:bob', score: 2 }]);
    world.setNow(1_059_999);
    expect(await world.sorted('hot')).toHaveLength(1);
    world.setNow(1_060_000);
    expect(await world.sorted('hot')).toEqual([]);
  });

  test('of each window stays as it was told, and is corrected', async () => {
    const { world, running } = await begin([{ ...ranking, key: 'hot:{window_end}' }], { allowedLatenessMs: 60_000 });
    await world.send([...likes('ann', 1), ...likes('bob', 11)]);
    await world.sendWatermark(19_999);
    await step(running);
    await world.send(likes('ann', 2));
    await step(running);
    expect(await world.sorted('hot:10000')).toEqual([{ member: 'u:ann', score: 2 }]);
    expect(await world.sorted('hot:20000')).toEqual([{ member: 'u:bob', score: 1 }]);
  });
});

test('a list holds the elements of the newest window, written anew with each change, and goes with its last', async () => {
  const { world, running } = await begin([{ kind: 'list', key: 'posts:{user_id}', value: 'posts', keep: 2 }], {
    shape: { kind: 'hop', sizeMs: 20_000, everyMs: 10_000 },
  });
  await world.send(likes('ann', 1, 2, 3));
  await world.sendWatermark(9_999);
  await step(running);
  expect(await listOf(world, 'posts:ann')).toEqual(['ann3', 'ann2']);
  await world.send(likes('ann', 12));
  await world.sendWatermark(29_999);
  await step(running);
  expect(await listOf(world, 'posts:ann')).toEqual(['ann12']);
  await world.sendWatermark(39_999);
  await step(running);
  expect(await listOf(world, 'posts:ann')).toEqual([]);
});

test('a counter holds the newest number, for as long as there is one', async () => {
  const { world, running } = await begin([{ kind: 'counter', key: 'likes:{user_id}', value: 'n' }]);
  await world.send(likes('ann', 1, 2));
  await world.sendWatermark(9_999);
  await step(running);
  expect(await numberOf(world, 'likes:ann')).toBe(2);
  await world.sendWatermark(19_999);
  await step(running);
  expect(await numberOf(world, 'likes:ann')).toBeUndefined();
});

test('a compacted topic has the newest result of each key: no corrections of older windows, tombstones for empty ones', async () => {
  const { world, running } = await begin([{ kind: 'topic', topic: { name: 'results', compacted: true } }], {
    allowedLatenessMs: 60_000,
  });
  await world.send([...likes('ann', 1, 11), ...likes('bob', 1)]);
  await world.sendWatermark(19_999);
  await step(running);
  await world.send(likes('ann', 2));
  await step(running);
  const table = new Map<string | undefined, unknown>();
  for (const { key, value } of await world.read('results')) table.set(key, value === null ? null : decodeJson(value));
  expect(table.get('ann')).toMatchObject({ end: 20_000, values: { n: 1 } });
  expect(table.get('bob')).toBeNull();
});

test('how much is kept and for how long changes while it runs', async () => {
  const series = { kind: 'series' as const, key: 'curve:{user_id}', keep: 5 };
  const { world, program, running } = await begin([series]);
  await world.send(likes('ann', 1, 11, 21, 31));
  await world.sendWatermark(39_999);
  await step(running);
  expect(await world.sorted('curve:ann')).toHaveLength(4);
  expect(await running.update?.({ ...program, sinks: [{ ...series, keep: 2, ttlMs: 1_000 }] })).toBe(true);
  await world.send(likes('ann', 41));
  await world.sendWatermark(49_999);
  await step(running);
  expect((await world.sorted('curve:ann')).map(({ score }) => score)).toEqual([40_000, 50_000]);
  world.setNow(1_001_000);
  expect(await world.sorted('curve:ann')).toEqual([]);
});

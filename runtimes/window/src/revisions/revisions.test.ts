import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import { createResultsReader, type Ports } from '@groundswell/stores';
import { describe, expect, test } from 'vitest';
import { aProgram, createWorld, step, type World } from '../test/world.ts';

const update = { warmFrom: 'Topic', maxWarmUpMs: 600_000, keepOldMs: 3_600_000 } as const;
const tens = aProgram({ update, revision: 'tens' });
const thirties = aProgram({ update, revision: 'thirties', shape: { kind: 'tumble', sizeMs: 30_000 } });

/** What readers of ours find of a post. */
const readOf = (world: World, post = 'p'): Promise<unknown> =>
  createResultsReader(world.ports.keyValue, 'demo', ['w'])((batch, placeOf) => {
    const found = batch.hashGetAll(`${placeOf('w').prefix}post:${post}`);
    return () => found.value();
  });

/** Steps, a second each, until nothing more comes. */
const settle = async (world: World, running: Running, seconds = 6): Promise<void> => {
  for (let i = 0; i < seconds; i++) {
    now += 1_000;
    world.setNow(now);
    await step(running);
  }
};
let now = 1_000_000;

const begin = async (program: WindowProgram, over = {}) => {
  now = 1_000_000;
  const world = await createWorld();
  const running = await world.start(program, over);
  await world.send([{ at: 1_000 }, { at: 11_000, id: 'e2' }, { at: 12_000, id: 'e3' }]);
  await world.sendWatermark(29_999);
  await settle(world, running);
  return { world, running };
};

describe.each([
  { where: 'among others', over: {} },
  { where: 'alone', over: { alone: true } },
])('a window that is defined anew, $where', ({ over }) => {
  test('serves as before until the new definition is as far, and then as that says', async () => {
    const { world, running } = await begin(tens, over);
    expect(await readOf(world)).toEqual({});
    await world.send([{ at: 31_000, id: 'e4' }]);
    await world.sendWatermark(39_999);
    await settle(world, running);
    expect(await readOf(world)).toEqual({ events: '1', '@w': '40000' });
    expect(await running.update(thirties)).toBe(true);
    await settle(world, running);
    await world.sendWatermark(59_999);
    await settle(world, running);
    expect(await readOf(world)).toEqual({ events: '1', '@w': '60000' });
    // Who looks for himself finds it where the resource says.
    expect(await world.hash('post:p')).toEqual({ events: '1', '@w': '60000' });
  });

  test('goes back at once, with what came meanwhile', async () => {
    const { world, running } = await begin(tens, over);
    await running.update(thirties);
    await settle(world, running);
    expect(running.report().redefinition).toMatchObject({ state: 'Kept', revision: 'tens' });
    await world.send([{ at: 31_000, id: 'e4' }]);
    await world.sendWatermark(39_999);
    await settle(world, running);
    expect(await readOf(world)).toEqual({ events: '3', '@w': '30000' });
    await running.update(tens);
    expect(await readOf(world)).toEqual({ events: '1', '@w': '40000' });
    await settle(world, running);
    expect(await world.hash('post:p')).toEqual({ events: '1', '@w': '40000' });
  });

  test('lets the old definition go after the time for which it is kept, and readers look where they did', async () => {
    const { world, running } = await begin(tens, over);
    await running.update(thirties);
    await settle(world, running);
    const place = async () => (await world.hash('gs:demo:revisions:w'))['place'];
    expect(await place()).toMatch(/ beside$/);
    now += update.keepOldMs;
    await settle(world, running);
    expect(await place()).toMatch(/ declared$/);
    expect(running.report().redefinition).toBeUndefined();
    expect(await readOf(world)).toEqual({ events: '3', '@w': '30000' });
  });

  test('goes on with both when it is started again in the middle', async () => {
    const { world, running } = await begin(tens, over);
    await running.save();
    await running.update(thirties);
    await running.stop();
    const again = await world.start(thirties, over);
    await world.send([{ at: 31_000, id: 'e4' }]);
    await world.sendWatermark(59_999);
    await settle(world, again);
    await again.save();
    await again.stop();
    const last = await world.start(thirties, over);
    await settle(world, last);
    expect(await readOf(world)).toEqual({ events: '1', '@w': '60000' });
  });

  test('is what it was when the wish is taken back before it came true', async () => {
    const { world, running } = await begin(tens, over);
    await running.update({ ...thirties, input: { topic: tens.input.topic, where: "event.type == 'none'" } });
    await running.update(tens);
    await settle(world, running);
    await world.send([{ at: 31_000, id: 'e4' }]);
    await world.sendWatermark(39_999);
    await settle(world, running);
    expect(await readOf(world)).toEqual({ events: '1', '@w': '40000' });
  });
});

/** Workers of new definitions get one record when `take` says so. */
const slowLog = (log: Ports['log'], take: (group: string) => boolean): Ports['log'] => ({
  ...log,
  consumer: async (options) => {
    const consumer = await log.consumer(options);
    const group = options.group ?? '';
    const poll: typeof consumer.poll = async (wanted) => {
      if (group === 'demo.window-w') return consumer.poll(wanted);
      return take(group) ? consumer.poll({ ...wanted, maxRecords: 1 }) : [];
    };
    return { ...consumer, poll };
  },
});

test('a new definition is not taken to be where the one before is that is still kept', async () => {
  const { world, running } = await begin(tens);
  await running.save();
  await running.stop();
  const slow = slowLog(world.ports.log, () => wantsAll);
  let wantsAll = true;
  const again = await world.start(tens, { log: slow });
  await again.update(thirties);
  await settle(world, again, 12);
  expect(again.report().redefinition).toMatchObject({ state: 'Kept', revision: 'tens' });
  wantsAll = false;
  await again.update({ ...thirties, revision: 'sixties', shape: { kind: 'tumble', sizeMs: 60_000 } });
  await settle(world, again, 2);
  expect(again.report().redefinition).toMatchObject({ state: 'WarmingUp', revision: 'sixties' });
  const { facts = '' } = await world.hash('gs:demo:revisions:w');
  expect(JSON.parse(facts).candidate).not.toHaveProperty('from');
});

test('results are counted from where a definition comes into force, not those with which it was warmed up', async () => {
  const { world, running } = await begin(tens);
  await world.send([3, 4, 5, 6].map((n) => ({ at: n * 10_000, id: `e${n}` })));
  await world.sendWatermark(69_999);
  await settle(world, running);
  const published = async (): Promise<number> =>
    Number(/window_upserts_total\{[^}]*\} (\d+)/.exec(await world.metrics())?.[1]);
  await running.save();
  const before = await published();
  await running.update(thirties);
  await settle(world, running);
  await running.update(tens);
  await settle(world, running);
  await running.save();
  // Each tells its newest result again when it comes into force.
  expect([before, await published()]).toEqual([2, 4]);
});

test('nothing is read of a new definition before it is as far as the one in force, whoever looks when', async () => {
  const { world, running } = await begin(tens);
  let limit = 0;
  const slow = slowLog(world.ports.log, () => limit-- > 0);
  await running.save();
  await running.stop();
  const again = await world.start(tens, { log: slow });
  await world.send([{ at: 31_000, id: 'e4' }]);
  await world.sendWatermark(39_999);
  await settle(world, again);
  await again.update(thirties);
  const found: string[] = [];
  for (let i = 0; i < 24; i++) {
    limit = i % 2;
    await settle(world, again, 1);
    found.push(JSON.stringify(await readOf(world)));
  }
  const [before, after] = ['{"events":"1","@w":"40000"}', '{"events":"3","@w":"30000"}'];
  const turned = found.indexOf(after);
  // Six records, one in two steps.
  expect(turned).toBeGreaterThanOrEqual(11);
  expect(found).toEqual(found.map((_, i) => (i < turned ? before : after)));
});

test('what is late or cannot be used is told once, whichever definition is in force', async () => {
  const { world, running } = await begin({ ...tens, lateTopic: { name: 'late' } });
  await world.sendRaw(new TextEncoder().encode('{'));
  await settle(world, running);
  await running.update({ ...thirties, lateTopic: { name: 'late' } });
  await settle(world, running);
  expect(await world.read('spoilt')).toHaveLength(1);
  await world.sendRaw(new TextEncoder().encode('['));
  await settle(world, running);
  expect(await world.read('spoilt')).toHaveLength(2);
});

test('keys and fields that only the old definition wrote are taken away', async () => {
  const { world, running } = await begin(tens);
  await world.send([
    { at: 31_000, id: 'e4' },
    { at: 32_000, id: 'e5', post_id: 'q', type: 'repost' },
  ]);
  await world.sendWatermark(39_999);
  await settle(world, running);
  expect(await world.hash('post:q')).toEqual({ events: '1', '@w': '40000' });
  const likes = { ...tens, revision: 'likes', aggregations: [{ kind: 'count' as const, name: 'likes' }] };
  await running.update({ ...likes, input: { topic: tens.input.topic, where: "event.type == 'like'" } });
  await settle(world, running);
  expect(await world.hash('post:p')).toEqual({ likes: '1', '@w': '40000' });
  expect(await world.hash('post:q')).toEqual({});
});

test('a new definition that cannot be warm in time is given up, and is not tried again', async () => {
  const { world, running } = await begin(tens);
  const never = { ...thirties, watermark: { maxOutOfOrdernessMs: 900_000_000 } };
  await world.send([{ at: 31_000, id: 'e4' }]);
  await settle(world, running);
  expect(await running.update({ ...never, input: { topic: tens.input.topic, where: "event.type == 'like'" } })).toBe(
    true,
  );
  await settle(world, running);
  expect(running.report().redefinition).toMatchObject({ state: 'WarmingUp', revision: 'thirties' });
  now += update.maxWarmUpMs;
  await settle(world, running);
  expect(running.report().redefinition).toMatchObject({ state: 'Failed', reason: 'WarmUpTooLong' });
});

import type { WindowProgram } from '@groundswell/graph';
import { describe, expect, test } from 'vitest';
import { limitsOf, surplusOf } from './limits.ts';
import { aProgram, createWorld, step } from './test/world.ts';

const posts = (...ids: readonly string[]) => ids.map((post_id, i) => ({ at: i, post_id }));

test('a worker that holds as many keys as it may takes no more events, and says what to do', async () => {
  const world = await createWorld();
  const running = await world.start(aProgram({ limits: { maxKeys: 2 } }));
  await world.send(posts('a', 'b'));
  await step(running);
  expect(running.health()).toEqual({
    kind: 'stalled',
    reason: 'StateFull',
    message:
      'Cannot take more events: the state holds 2 keys, state.maxKeys is 2, a higher limit, more workers or fewer keys are needed',
  });
  await world.send(posts('c'));
  expect(await step(running)).toBe(0);
  expect(running.report()).toMatchObject({ ledger: { in: 2 }, state: { keys: 2 } });
  world.setNow(1_010_000);
  await running.save();
  expect(await world.metrics()).toContain('window_state_use_ratio{window="w"} 1');
});

test('a higher limit is taken while it runs, and lets it go on where it stood', async () => {
  const world = await createWorld();
  const program = aProgram({ limits: { maxKeys: 1 } });
  const running = await world.start(program);
  await world.send(posts('a'));
  await step(running);
  await world.send(posts('b', 'a'));
  expect(await step(running)).toBe(0);
  expect(await running.update({ ...program, revision: 'r2', limits: { maxKeys: 3 } })).toBe(true);
  expect(running.health()).toEqual({ kind: 'ready' });
  expect(await step(running)).toBe(2);
  expect(running.report()).toMatchObject({ ledger: { in: 3, aggregated: 3 }, state: { keys: 2 } });
});

test('memory is limited as well, and another limit of it needs a restart', async () => {
  const world = await createWorld();
  const program = aProgram({ limits: { maxBytes: 1 } });
  const running = await world.start(program);
  await world.send(posts('a'));
  await step(running);
  expect(running.health()).toMatchObject({ kind: 'stalled', reason: 'StateFull' });
  expect(await running.update({ ...program, limits: { maxBytes: 2 } })).toBe(false);
});

test('without a limit in the resource it is 60 % of the memory that the process may have, if that is limited', () => {
  expect(limitsOf(aProgram(), 1_000)).toEqual({ maxKeys: undefined, maxBytes: 600 });
  expect(limitsOf(aProgram(), undefined)).toEqual({ maxKeys: undefined, maxBytes: undefined });
  expect(limitsOf(aProgram({ limits: { maxBytes: 5 } }), 1_000)).toMatchObject({ maxBytes: 5 });
});

const aTotal = (limits: WindowProgram['limits']): WindowProgram =>
  aProgram({ shape: { kind: 'global', everyMs: 1_000 }, limits });

describe('a worker that may evict', () => {
  test('goes on without the keys that were silent for longest, says that they are gone, and counts them', async () => {
    const world = await createWorld();
    const running = await world.start(aTotal({ maxKeys: 3, evicts: true }));
    await world.send([
      { at: 100, post_id: 'a' },
      { at: 200, post_id: 'b' },
      { at: 5_000, post_id: 'a' },
    ]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('post:b')).toMatchObject({ events: '1' });
    await world.send([{ at: 10_000, post_id: 'c' }]);
    await step(running);
    expect(running.report().state).toMatchObject({ keys: 2, evictedKeys: 1 });
    expect(running.health()).toEqual({ kind: 'ready' });
    await world.send([{ at: 11_000, post_id: 'b' }]);
    await world.sendWatermark(19_999);
    await step(running);
    await step(running);
    // It began anew.
    expect(await world.hash('post:b')).toMatchObject({ events: '1' });
    expect(await world.hash('post:a')).toEqual({});
    expect(running.report()).toMatchObject({ ledger: { in: 5, aggregated: 5 }, state: { evictedKeys: 2 } });
    await running.save();
    expect(await world.metrics()).toContain('window_evicted_keys_total{window="w"} 2');
  });

  test('has saved it before it says so, so that whoever goes on from there has let go of the same', async () => {
    const world = await createWorld();
    const program = aTotal({ maxKeys: 2, evicts: true });
    const running = await world.start(program);
    await world.send([
      { at: 100, post_id: 'a' },
      { at: 1_200, post_id: 'b' },
    ]);
    await world.sendWatermark(9_999);
    await step(running);
    // It dies here: not saved by anybody else, and nothing said.
    expect(await world.hash('post:a')).toMatchObject({ events: '1' });
    await running.stop();
    const successor = await world.start(program);
    await world.send([{ at: 10_500, post_id: 'b' }]);
    await world.sendWatermark(19_999);
    await step(successor);
    expect(successor.report().state).toMatchObject({ keys: 1, evictedKeys: 1 });
    expect(await world.hash('post:b')).toMatchObject({ events: '2' });
  });

  test('is told to while it runs', async () => {
    const world = await createWorld();
    const running = await world.start(aTotal({ maxKeys: 2 }));
    await world.send([{ post_id: 'a' }, { post_id: 'b' }]);
    await step(running);
    expect(running.health()).toMatchObject({ kind: 'stalled' });
    expect(await running.update(aTotal({ maxKeys: 2, evicts: true }))).toBe(true);
    await step(running);
    expect(running.health()).toEqual({ kind: 'ready' });
    expect(running.report().state).toMatchObject({ keys: 1, evictedKeys: 1 });
  });
});

test('the memory of joined tables counts against the limit', async () => {
  const world = await createWorld();
  const item = { name: 'item', topic: { name: 'items', compacted: true }, maxRows: 100, key: 'event.post_id' };
  const join = { ...item, whenMissing: 'Keep', waitMs: 0, version: 'Newest' } as const;
  await world.put({ p: { text: 'x'.repeat(100_000) } });
  const program = aProgram({ joins: [join], limits: { maxBytes: 150_000 } });
  const running = await world.start({ ...program, aggregations: [{ kind: 'max', name: 'most', field: 'item.text' }] });
  await world.send([{}]);
  await step(running);
  await step(running);
  expect(running.health()).toMatchObject({
    kind: 'stalled',
    reason: 'StateFull',
    message: expect.stringMatching(
      /the state takes \d+ bytes of memory and the tables that are joined \d+, the limit is 150000/,
    ),
  });
});

test('what is evicted is the share of the keys that leaves a tenth of the limits free', () => {
  const held = { keys: 100, rows: 0, bytes: 0, used: 1_000, tableBytes: 0 };
  const none = { maxKeys: undefined, maxBytes: undefined };
  expect(surplusOf(held, none)).toBe(0);
  expect(surplusOf(held, { ...none, maxKeys: 101 })).toBe(0);
  expect(surplusOf(held, { ...none, maxKeys: 100 })).toBeCloseTo(0.1);
  expect(surplusOf(held, { ...none, maxBytes: 1_000 })).toBeCloseTo(0.55);
  expect(surplusOf({ ...held, tableBytes: 500 }, { ...none, maxBytes: 2_500 })).toBeCloseTo(0.1);
  expect(surplusOf({ ...held, tableBytes: 3_000 }, { ...none, maxBytes: 2_500 })).toBe(0);
});

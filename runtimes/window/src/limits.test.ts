import { expect, test } from 'vitest';
import { limitsOf } from './limits.ts';
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

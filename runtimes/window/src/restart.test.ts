import type { WindowProgram } from '@groundswell/graph';
import { createMetrics } from '@groundswell/process';
import { decodeJson } from '@groundswell/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startWindow } from './start.ts';
import { aProgram, createWorld, step, type World } from './test/world.ts';

const sinks: WindowProgram['sinks'] = [
  { kind: 'hash', key: 'post:{post_id}' },
  { kind: 'series', key: 'series:{post_id}', keep: 3 },
  { kind: 'topic', topic: { name: 'results' } },
];
const aggregations: WindowProgram['aggregations'] = [
  { kind: 'count', name: 'events' },
  { kind: 'avg', name: 'age', field: 'event.at / 7.0' },
  { kind: 'distinct', name: 'people', field: 'event.user_id' },
  { kind: 'weightedSum', name: 'heat', by: 'event.type', weights: { like: 1, repost: 0.1 } },
];
const hop = { kind: 'hop', sizeMs: 30_000, everyMs: 10_000 } as const;

const place = { topic: 'demo.changelog.w', shard: 0 };
const stateOf = async ({ ports }: World) => (await ports.states.load(place.topic, [0])).get(0);

/** All that readers of the stores can see; of the topic, the newest result of each key and end. */
const seen = async (world: World): Promise<unknown> => {
  const results = (await world.read('results')).map(({ value }) => decodeJson(value!) as { key: unknown; end: number });
  return {
    hashes: await Promise.all(['p', 'q'].map((post) => world.hash(`post:${post}`))),
    series: await Promise.all(['p', 'q'].map((post) => world.sorted(`series:${post}`))),
    results: new Map(results.map((result) => [JSON.stringify([result.key, result.end]), result])),
  };
};

describe('a window that is started again', () => {
  test('leaves the stores as if it had never stopped, whether it saved before or died since', async () => {
    const cycle = fc.record({
      events: fc.array(
        fc.record({ ahead: fc.integer({ min: -40, max: 12 }), post: fc.boolean(), like: fc.boolean() }),
        {
          maxLength: 6,
        },
      ),
      afterwards: fc.constantFrom('go on', 'go on', 'save', 'die', 'die'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cycle, { maxLength: 12 }), fc.constantFrom(0, 15_000), async (cycles, lateness) => {
        const program = aProgram({ shape: hop, sinks, aggregations, allowedLatenessMs: lateness });
        const [calm, rough] = [await createWorld(), await createWorld()];
        const undisturbed = await calm.start(program);
        let running = await rough.start(program);
        let now = 0;
        for (const { events, afterwards } of cycles) {
          const changes = events.map(({ ahead, post, like }) => {
            now += Math.max(0, ahead);
            const at = (now + Math.min(0, ahead)) * 1000;
            return { at, post_id: post ? 'p' : 'q', user_id: `u${ahead % 3}`, type: like ? 'like' : 'repost' } as const;
          });
          await calm.send(changes);
          await rough.send(changes);
          await step(undisturbed);
          await step(running);
          if (afterwards === 'save') await running.save();
          if (afterwards !== 'die') continue;
          await running.stop();
          running = await rough.start(program);
        }
        await step(running);
        expect(await seen(rough)).toEqual(await seen(calm));
        expect(running.report().ledger).toEqual(undisturbed.report().ledger);
      }),
      { numRuns: 60 },
    );
  });

  test('comes to the same by what the topic holds when it is defined differently', async () => {
    const world = await createWorld();
    const before = await world.start(aProgram());
    await world.send([{ at: 1_000 }, { at: 12_000 }]);
    await step(before);
    await before.save();
    await before.stop();
    const after = await world.start(aProgram({ shape: { kind: 'tumble', sizeMs: 20_000 } }), { alone: true });
    await world.sendWatermark(19_999);
    for (let i = 0; i < 5; i++) await step(after);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '20000' });
  });

  test('writes everything again when it has other sinks', async () => {
    const world = await createWorld();
    const before = await world.start(aProgram({ shape: hop }));
    await world.send([{ at: 1_000 }, { at: 12_000 }]);
    await step(before);
    await before.save();
    await before.stop();
    const after = await world.start(aProgram({ shape: hop, sinks: [{ kind: 'hash', key: 'other:{post_id}' }] }));
    await step(after);
    expect(await world.hash('other:p')).toEqual({ events: '1', '@w': '10000' });
  });

  test('commits the offsets that its state stands for, and counts what it reads itself', async () => {
    const world = await createWorld();
    const before = await world.start(aProgram());
    await world.send([{ at: 1_000 }, { at: 2_000 }]);
    await step(before);
    await before.save();
    expect(await world.ports.log.lag('demo.window-w', 'demo.events')).toMatchObject([{ committed: 2n, lag: 0n }]);
    const another = { ...world.ports, metrics: createMetrics() };
    const after = await startWindow(aProgram(), another);
    await before.stop();
    await world.send([{ at: 3_000 }]);
    await step(after);
    await after.save();
    expect(after.report().ledger).toMatchObject({ in: 3 });
    expect(await another.metrics.registry.metrics()).toContain('window_records_total{window="w",partition="0"} 1');
  });

  test('leaves the checkpoint alone while it has no partitions', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    await running.save();
    expect(await stateOf(world)).toBeUndefined();
  });

  test('refuses a checkpoint that does not parse', async () => {
    const world = await createWorld();
    await world.ports.states.save(place, 1, new TextEncoder().encode('{"definition'));
    const running = await world.start(aProgram());
    await expect(step(running)).rejects.toThrow(
      'Cannot restore "window-w/0": its checkpoint does not parse, a whole one is needed',
    );
  });
});

describe('a change of the program', () => {
  const weighted = (weights: Record<string, number>): WindowProgram =>
    aProgram({ shape: hop, aggregations: [{ kind: 'weightedSum', name: 'heat', by: 'event.type', weights }] });

  test('of weights is in force at the next step, for the whole window', async () => {
    const world = await createWorld();
    const running = await world.start(weighted({ like: 1 }));
    await world.send([{ at: 1_000 }, { at: 2_000, type: 'repost' }]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ heat: '1', '@w': '10000' });
    expect(await running.update(weighted({ like: 1, repost: 10 }))).toBe(true);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ heat: '11', '@w': '10000' });
    await running.save();
    await running.stop();
    const again = await world.start(weighted({ like: 100 }));
    await step(again);
    expect(await world.hash('post:p')).toEqual({ heat: '100', '@w': '10000' });
    expect(again.report().records).toBe(0);
  });

  test.each<[string, Partial<WindowProgram>]>([
    ['the sinks', { sinks: [{ kind: 'hash', key: 'other:{post_id}' }] }],
    ['allowed lateness', { allowedLatenessMs: 1 }],
    ['a topic', { input: { topic: { name: 'demo.others' } } }],
  ])('of %s needs a restart', async (_, change) => {
    const world = await createWorld();
    const running = await world.start(weighted({ like: 1 }));
    expect(await running.update({ ...weighted({ like: 2 }), ...change })).toBe(false);
  });
});

import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Consumer, ConsumerOptions, Ports } from '@groundswell/stores';
import { decodeJson, endOfTime } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { ledgerOfSaved } from './test/saved-ledger.ts';
import { aProgram, createWorld, rekeyed, step, type World } from './test/world.ts';
import { epochHeader } from './writes.ts';

const program = aProgram({
  head: 'Sawtooth',
  shape: { kind: 'hop', sizeMs: 20_000, everyMs: 10_000 },
  sinks: [
    { kind: 'hash', key: 'post:{post_id}' },
    { kind: 'series', key: 'series:{post_id}', keep: 10 },
    { kind: 'topic', topic: { name: 'results' } },
  ],
});

/**
 * A log whose consumers stand still, each time once, between what they polled and what is done with it, as a process does
 * that is stopped there. Meanwhile its group throws it out, and `meanwhile` happens. Then it goes on, with what it has.
 */
const stoppedIn = (log: Ports['log'], group: string, meanwhile: () => Promise<void>): Ports['log'] => ({
  ...log,
  consumer: async (options: ConsumerOptions): Promise<Consumer> => {
    const inner = await log.consumer(options);
    if (options.group !== group) return inner;
    return {
      ...inner,
      commit: async () => undefined,
      poll: async (wanted) => {
        const batches = await inner.poll(wanted);
        if (batches.length === 0) return batches;
        await inner.close();
        await meanwhile();
        return batches;
      },
    };
  },
});

const newestResults = async (world: World): Promise<ReadonlyMap<string, unknown>> => {
  const newest = new Map<string, { epoch: number; result: unknown }>();
  for (const { headers, value } of await world.read('results')) {
    const result = decodeJson(value!) as { key: unknown; end: number };
    const [id, epoch] = [JSON.stringify([result.key, result.end]), Number(headers[epochHeader])];
    if (epoch >= (newest.get(id)?.epoch ?? 0)) newest.set(id, { epoch, result });
  }
  return new Map([...newest].map(([id, { result }]) => [id, result]));
};

const state = async (world: World) => ({
  hash: await world.hash('post:p'),
  series: await world.sorted('series:p'),
  results: await newestResults(world),
  saved: await ledgerOfSaved(program, world.ports),
});

describe('a worker that stands still and is replaced', () => {
  test('changes nothing of what its successor wrote or saved when it goes on', async () => {
    const world = await createWorld();
    let successor: Running | undefined;
    let before: unknown;
    const log = stoppedIn(world.ports.log, 'demo.window-w', async () => {
      successor = await world.start(program);
      await step(successor);
      await world.send([{ at: 3_000 }, { at: 12_000 }]);
      await step(successor);
      await world.sendWatermark(endOfTime);
      await step(successor);
      await successor.save();
      before = await state(world);
    });
    const zombie = await world.start(program, { log });
    await world.send([{ at: 1_000 }, { at: 2_000 }]);
    await step(zombie);
    await zombie.save();
    expect(successor?.report().ledger).toMatchObject({ in: 4, aggregated: 4 });
    expect(await state(world)).toEqual(before);
    // Not even what its successor has taken away comes back.
    expect(before).toMatchObject({ hash: {}, saved: { in: 4 } });
  });

  test('may send events on by key once more: they are repeats', async () => {
    const { rekey, ...rest } = aProgram({ ...program, key: ['user_id'], rekey: { topic: { name: rekeyed } } });
    const byUser: WindowProgram = aProgram({ ...rest, rekey, sinks: [{ kind: 'hash', key: 'user:{user_id}' }] });
    const world = await createWorld();
    let successor: Running | undefined;
    const passAll = async (): Promise<void> => {
      for (let i = 0; i < 4; i++) await step(successor!);
    };
    const log = stoppedIn(world.ports.log, 'demo.window-w', async () => {
      successor = await world.start(byUser);
      await passAll();
      await world.send([{ at: 3_000 }]);
      await passAll();
    });
    const zombie = await world.start(byUser, { log });
    await world.send([{ at: 1_000 }, { at: 2_000 }]);
    await step(zombie);
    await zombie.stop();
    await world.sendWatermark(9_999);
    await passAll();
    expect(await world.hash('user:u')).toMatchObject({ events: '3' });
    expect(successor?.report().ledger).toMatchObject({ aggregated: 3, duplicate: 2 });
  });

  test('takes its shard over again when it turns out to be its own all the same', async () => {
    const world = await createWorld();
    const running = await world.start(program);
    await world.send([{ at: 1_000 }]);
    await step(running);
    await running.save();
    // Somebody with a higher epoch has written, and is gone again.
    const batch = world.ports.keyValue.batch({ scope: 'gs:demo:fence:w', epoch: 5 });
    batch.hashSet('post:p', { events: 'other' });
    const counter = world.ports.keyValue.batch();
    counter.counterAdd('gs:demo:epochs:w', 4);
    await Promise.all([batch.run(), counter.run()]);
    await world.send([{ at: 2_000 }]);
    await step(running);
    expect(await world.hash('post:p')).toMatchObject({ events: 'other' });
    await world.send([{ at: 3_000 }]);
    world.setNow(1_000_000 + 3_000);
    await step(running);
    await step(running);
    expect(await world.hash('post:p')).toMatchObject({ events: '3' });
    expect(running.report().ledger).toMatchObject({ in: 3, aggregated: 3 });
  });
});

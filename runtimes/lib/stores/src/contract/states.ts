import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { States } from '../states.ts';
import { bytes } from './reading.ts';

export interface StatesUnderTest {
  /** Another door to the same states, as another process has it. */
  open(): Promise<States>;
  /** Makes a topic for states of several shards. */
  topic(): Promise<string>;
}

const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);
const large = (fill: number, length = 2_000_001): Uint8Array => new Uint8Array(length).fill(fill);

/** What holds for every adapter of the states port. */
export const statesContract = (name: string, make: () => Promise<StatesUnderTest>): void => {
  describe(name, () => {
    let made: StatesUnderTest;
    let states: States;
    let topic = '';
    const opened: States[] = [];
    const open = async (): Promise<States> => {
      const another = await made.open();
      opened.push(another);
      return another;
    };
    beforeAll(async () => {
      made = await make();
      states = await open();
      topic = await made.topic();
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
    });
    const freshShard = (): number => Number.parseInt(randomUUID().slice(0, 7), 16);
    const read = async (shard: number) => {
      const found = (await (await open()).load(topic, [shard])).get(shard);
      return found && { epoch: found.epoch, parts: [found.base, ...found.changes].map(text) };
    };

    test('a first start finds nothing', async () => {
      expect(await read(freshShard())).toBeUndefined();
    });

    test('a base is loaded with the changes that were added to it, in their order', async () => {
      const place = { topic, shard: freshShard() };
      await states.save(place, 1, bytes('base'));
      for (const change of ['a', 'b', 'c']) await states.append(place, 1, bytes(change));
      expect(await read(place.shard)).toEqual({ epoch: 1, parts: ['base', 'a', 'b', 'c'] });
      await states.save(place, 1, bytes('next'));
      await states.append(place, 1, bytes('d'));
      expect(await read(place.shard)).toEqual({ epoch: 1, parts: ['next', 'd'] });
    });

    test('several shards are loaded at once, each with its own', async () => {
      const [one, other, none] = [freshShard(), freshShard(), freshShard()];
      await states.save({ topic, shard: one }, 3, bytes('one'));
      await states.save({ topic, shard: other }, 4, bytes('other'));
      const found = await (await open()).load(topic, [one, other, none]);
      expect([...found].map(([shard, { epoch, base }]) => [shard, epoch, text(base)])).toEqual([
        [one, 3, 'one'],
        [other, 4, 'other'],
      ]);
    });

    test('states and changes of megabytes, and of nothing, come back whole', async () => {
      const place = { topic, shard: freshShard() };
      await states.save(place, 1, large(1));
      await states.append(place, 1, large(2));
      await states.append(place, 1, new Uint8Array());
      await states.append(place, 1, large(3, 10));
      const found = (await (await open()).load(topic, [place.shard])).get(place.shard);
      expect([found?.base, ...(found?.changes ?? [])].map((part) => [part?.length, part?.[0]])).toEqual([
        [2_000_001, 1],
        [2_000_001, 2],
        [0, undefined],
        [10, 3],
      ]);
    });

    test('who takes over goes on with a base of a higher epoch', async () => {
      const place = { topic, shard: freshShard() };
      await states.save(place, 1, bytes('base'));
      await states.append(place, 1, bytes('a'));
      const successor = await open();
      await successor.load(topic, [place.shard]);
      await successor.save(place, 2, bytes('taken'));
      await successor.append(place, 2, bytes('b'));
      expect(await read(place.shard)).toEqual({ epoch: 2, parts: ['taken', 'b'] });
    });

    test('what a replaced writer saves afterwards is without effect, also on what its successor goes on from', async () => {
      const place = { topic, shard: freshShard() };
      const zombie = await open();
      await zombie.save(place, 1, bytes('old'));
      await zombie.append(place, 1, bytes('a'));
      const successor = await open();
      await successor.load(topic, [place.shard]);
      await successor.save(place, 2, bytes('new'));
      await zombie.append(place, 1, bytes('zombie'));
      await zombie.save(place, 1, bytes('zombie'));
      expect(await read(place.shard)).toEqual({ epoch: 2, parts: ['new'] });
      await successor.append(place, 2, bytes('b'));
      await zombie.append(place, 1, bytes('zombie'));
      expect(await read(place.shard)).toEqual({ epoch: 2, parts: ['new', 'b'] });
    });

    test('a change without a base is refused', async () => {
      const place = { topic, shard: freshShard() };
      await expect(states.append(place, 1, bytes('a'))).rejects.toThrow(
        `Cannot add to the state of shard ${place.shard}: it has no base yet`,
      );
    });

    test('a state that the caller changes afterwards stays as it was saved', async () => {
      const place = { topic, shard: freshShard() };
      const [base, change] = [bytes('base'), bytes('change')];
      await states.save(place, 1, base);
      await states.append(place, 1, change);
      base.fill(9);
      change.fill(9);
      expect(await read(place.shard)).toEqual({ epoch: 1, parts: ['base', 'change'] });
    });
  });
};

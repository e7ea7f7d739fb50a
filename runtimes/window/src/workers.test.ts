import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import { endOfTime, keysOf, watermarkOf } from '@groundswell/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ledgerOfSaved } from './test/saved-ledger.ts';
import { aProgram, createWorld, rekeyed, step, type World } from './test/world.ts';

const posts = ['p', 'q', 'r', 's'];
const users = ['ann', 'bob', 'cyd'];
const aggregations: WindowProgram['aggregations'] = [
  { kind: 'count', name: 'events' },
  { kind: 'avg', name: 'age', field: 'event.at / 7.0' },
  { kind: 'distinct', name: 'people', field: 'event.user_id' },
  { kind: 'last', name: 'last', field: 'event.at' },
];
const hop = { kind: 'hop', sizeMs: 30_000, everyMs: 10_000 } as const;

/** By the topic's key: no way through another topic. */
const byPost = aProgram({
  shape: hop,
  aggregations,
  watermark: { maxOutOfOrdernessMs: 20_000 },
  sinks: [
    { kind: 'hash', key: 'key:{post_id}' },
    { kind: 'series', key: 'series:{post_id}', keep: 1_000 },
    // Shards of several workers write there.
    { kind: 'sortedSet', key: 'ranking', member: '{post_id}', score: 'events' },
  ],
});
const byUser = aProgram({
  ...byPost,
  key: ['user_id'],
  rekey: { topic: { name: rekeyed } },
  sinks: [
    { kind: 'hash', key: 'key:{user_id}' },
    { kind: 'series', key: 'series:{user_id}', keep: 1_000 },
  ],
});
const byTag = aProgram({
  ...byUser,
  key: ['tags'],
  input: { topic: byUser.input.topic, where: "event.type != 'view'" },
  sinks: [
    { kind: 'hash', key: 'key:{tags}' },
    { kind: 'series', key: 'series:{tags}', keep: 1_000 },
  ],
});
const twoLikes = aProgram({
  ...byUser,
  shape: {
    kind: 'pattern',
    sequence: [{ name: 'likes', where: "event.type == 'like'", min: 2, max: 2, strict: false, absent: false }],
    withinMs: 20_000,
    afterMatch: 'SkipToNext',
  },
  tag: { name: 'liker', keepMs: 60_000 },
  aggregations: [{ kind: 'count', name: 'events' }],
  sinks: [
    { kind: 'series', key: 'series:{user_id}', keep: 1_000 },
    { kind: 'tags', key: 'tags:{user_id}', ttlMs: 60_000 },
  ],
});
const { rekey: ___, ...twoLikesAlone } = twoLikes;
const { rekey: _, ...byUserAlone } = byUser;
const { rekey: __, ...byTagAlone } = byTag;

const seen = async (world: World): Promise<unknown> => {
  const keys = [...posts, ...users, 'x', 'y', 'z'];
  const ofKeys = keys.map(async (key) => [
    await world.hash(`key:${key}`),
    await world.sorted(`series:${key}`),
    await world.sorted(`tags:${key}`),
  ]);
  return Promise.all([world.sorted('ranking'), ...ofKeys]);
};

interface Sent {
  readonly ahead: number;
  readonly post: number;
  readonly user: number;
  readonly tags: readonly string[];
  readonly view: boolean;
}

const someEvents = fc.array(
  fc.record({
    ahead: fc.integer({ min: -15, max: 12 }),
    post: fc.nat(posts.length - 1),
    user: fc.nat(users.length - 1),
    tags: fc.subarray(['x', 'y', 'z']),
    view: fc.boolean(),
  }),
  { maxLength: 8 },
);

/** What happens to the workers after some events: who steps, who comes, who goes and how. */
const someActs = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('step' as const), which: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('save' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('start' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const), which: fc.nat(9) }) },
  ),
  { maxLength: 8 },
);
type Act = typeof someActs extends fc.Arbitrary<readonly (infer A)[]> ? A : never;

/** Workers of one program that come and go. */
const createFleet = async (world: World, program: WindowProgram) => {
  const workers: Running[] = [await world.start(program)];
  const remove = async (at: number): Promise<void> => {
    const [gone] = workers.splice(at, 1);
    await gone?.stop();
  };
  return {
    act: async ({ kind, which }: Act): Promise<void> => {
      const at = which % Math.max(1, workers.length);
      const worker = workers[at];
      if (kind === 'start' && workers.length < 4) workers.push(await world.start(program));
      if (worker === undefined) return;
      if (kind === 'step') await step(worker);
      if (kind === 'save' || kind === 'drain') await worker.save();
      if (kind === 'kill' || kind === 'drain') await remove(at);
    },
    /** Until nothing is left to do. */
    settle: async (): Promise<void> => {
      if (workers.length === 0) workers.push(await world.start(program));
      for (let quiet = 0; quiet < 4; ) {
        let taken = 0;
        for (const worker of workers) taken += await step(worker);
        quiet = taken === 0 ? quiet + 1 : 0;
      }
      for (const worker of workers) await worker.save();
    },
  };
};

/** One partition for each post, so that posts are together, and users are not. */
const partitionsOf = (world: World, count: number) => ({
  send: async (events: readonly Sent[], clock: { now: number }): Promise<void> => {
    for (const { ahead, post, user, tags, view } of events) {
      clock.now += Math.max(0, ahead);
      const at = (clock.now + Math.min(0, ahead)) * 1000;
      const event = { at, post_id: posts[post]!, user_id: users[user]!, tags: [...tags] };
      await world.send([{ ...event, type: view ? 'view' : 'like' }], post % count);
    }
  },
  end: async (): Promise<void> => {
    for (let partition = 0; partition < count; partition++) await world.sendWatermark(endOfTime, partition);
  },
});

describe('any number of workers that come and go', () => {
  test.each([
    { what: 'by the key of the topic', program: byPost, alone: byPost },
    { what: 'by another key', program: byUser, alone: byUserAlone },
    { what: 'by a list, of some events', program: byTag, alone: byTagAlone },
    { what: 'patterns by another key', program: twoLikes, alone: twoLikesAlone },
  ])('leave what one worker leaves that reads one partition, $what, and lose nothing', async ({ program, alone }) => {
    const story = fc.array(fc.tuple(someEvents, someActs), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(story, async (parts) => {
        const [calm, rough] = [await createWorld(1), await createWorld(2)];
        const [whole, split] = [partitionsOf(calm, 1), partitionsOf(rough, 2)];
        const undisturbed = await createFleet(calm, alone);
        const fleet = await createFleet(rough, program);
        const [calmTime, roughTime] = [{ now: 0 }, { now: 0 }];
        for (const [events, acts] of parts) {
          await whole.send(events, calmTime);
          await split.send(events, roughTime);
          for (const act of acts) await fleet.act(act);
        }
        await whole.end();
        await split.end();
        await undisturbed.settle();
        await fleet.settle();
        expect(await seen(rough)).toEqual(await seen(calm));
        const sent = parts.reduce((sum, [events]) => sum + events.length, 0);
        const ledger = await ledgerOfSaved(program, rough.ports);
        expect(ledger.in).toBe(sent + ledger.duplicate + ledger.copies);
        expect(ledger.aggregated + ledger.filtered + ledger.duplicate).toBe(ledger.in);
        expect(watermarkOf(await rough.hash(keysOf('demo').watermarks('w')))).toBe(endOfTime);
      }),
      { numRuns: 40 },
    );
  });
});

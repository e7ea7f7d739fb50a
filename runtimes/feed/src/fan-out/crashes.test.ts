import { entryText, markText, shardOf } from '@groundswell/feeds';
import { FeedProgram } from '@groundswell/graph';
import { createLogger, createMetrics, type Running } from '@groundswell/process';
import {
  createMemoryCheckpoints,
  createMemoryKeyValue,
  createMemoryLog,
  createMemoryStates,
  type KeyValue,
  type Log,
  type Ports,
} from '@groundswell/stores';
import { encodeJson, type FeedPost, feedKeysOf } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { startFeed } from '../start.ts';

// Each look takes so long that a step does one round.
let time = 1_000_000;
const clock = { now: () => (time += 60) };
const keys = feedKeysOf('small');
const program = FeedProgram.parse({
  ...{ kind: 'feed', name: 'feed-home', pipeline: 'small', revision: '', feed: 'home' },
  posts: { name: 'posts' },
  deadLetters: { name: 'dead-letters' },
  work: {
    ...{ kind: 'fanOut', jobs: { name: 'jobs' }, mode: 'FanOutOnWrite', maxFollowers: 0, shards: 4 },
    ...{ page: 7, batch: 21, maxPerAccount: 2, length: 100 },
  },
});

class Crash extends Error {}

/** Every call to the store or the log counts down; then one fails, before or after its effect. From there on all do. */
const createFuse = () => {
  let left = Number.POSITIVE_INFINITY;
  let isAfter = false;
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    left--;
    if (left < 0 || (left === 0 && !isAfter)) throw new Crash();
    const answer = await call();
    if (left === 0) throw new Crash();
    return answer;
  };
  return {
    guard,
    set: (calls: number, after: boolean) => {
      left = calls;
      isAfter = after;
    },
  };
};

type Fuse = ReturnType<typeof createFuse>;

const fused = (keyValue: KeyValue, log: Log, { guard }: Fuse): Pick<Ports, 'keyValue' | 'log'> => ({
  keyValue: {
    ...keyValue,
    batch: (fence) => {
      const batch = keyValue.batch(fence);
      const run = batch.run.bind(batch);
      batch.run = () => guard(run);
      return batch;
    },
  },
  log: {
    ...log,
    producer: async () => {
      const producer = await log.producer();
      return { ...producer, send: (topic, records) => guard(() => producer.send(topic, records)) };
    },
    consumer: async (options) => {
      const consumer = await log.consumer(options);
      return { ...consumer, commit: (positions) => guard(() => consumer.commit(positions)) };
    },
  },
});

const users = Array.from({ length: 100 }, (_, i) => `user-${i}`);
const followersOf = (author: string): readonly string[] => users.slice(0, author === 'hot' ? 100 : 5);

const createWorld = async () => {
  const log = createMemoryLog({ clock });
  const keyValue = createMemoryKeyValue({ clock });
  await log.createTopics(['posts', 'jobs', 'dead-letters'].map((name) => ({ name, partitions: 2 })));
  const batch = keyValue.batch();
  for (const user of users) batch.listPush(keys.timelinePrefix(shardOf(user, 4)) + user, [markText(0)], 100);
  for (const author of ['hot', 'ann', 'bob'])
    for (const [i, user] of followersOf(author).entries()) {
      const shard = shardOf(user, 4);
      batch.hashSet(keys.audience(author), { [shard]: '1' });
      batch.sortedAdd(keys.followers(shard, author), [{ member: user, score: 2 ** 50 + i }]);
    }
  await batch.run();
  const fuse = createFuse();
  const ports: Ports = {
    ...fused(keyValue, log, fuse),
    ...{ checkpoints: createMemoryCheckpoints(), states: createMemoryStates() },
    ...{ clock, metrics: createMetrics(), logger: createLogger('test', 'silent') },
  };
  return { log, keyValue, fuse, ports };
};

type World = Awaited<ReturnType<typeof createWorld>>;

const postAll = async ({ log }: World, posts: readonly Pick<FeedPost, 'post_id' | 'author_id'>[]) => {
  const producer = await log.producer();
  for (const post of posts) {
    const record = { kind: 'post', post: { ...post, text: '', at: 1_000_000 } };
    await producer.send('posts', [{ key: post.author_id, value: encodeJson(record) }]);
  }
};

const runToEnd = async (running: Running): Promise<void> => {
  for (let idle = 0; idle < 2; ) {
    idle = (await running.step({ maxWaitMs: 0 })) === 0 ? idle + 1 : 0;
    await running.save();
  }
};

/** What lies in all timelines, marks left out, by user. */
const timelinesOf = async ({ keyValue }: World): Promise<Readonly<Record<string, readonly string[]>>> => {
  const batch = keyValue.batch();
  const replies = users.map((user) => batch.listRange(keys.timelinePrefix(shardOf(user, 4)) + user, 0, -1));
  await batch.run();
  return Object.fromEntries(
    users.map((user, i) => [user, (replies[i]?.value() ?? []).filter((text) => !text.startsWith('-')).toSorted()]),
  );
};

const posts = ['hot', 'ann', 'bob', 'hot', 'ann', 'hot'].map((author_id, i) => ({
  post_id: `${2 ** 51 + i}`,
  author_id,
}));
const expected = Object.fromEntries(
  users.map((user) => [
    user,
    posts
      .filter(({ author_id }) => followersOf(author_id).includes(user))
      .map(({ post_id, author_id }) => entryText({ id: Number(post_id), author: author_id })),
  ]),
);

test('killed at any of its calls, before or after their effect, nobody misses a post and nobody has one twice', async () => {
  let crashes = 0;
  for (let at = 0; at < 60; at++)
    for (const after of [false, true]) {
      const world = await createWorld();
      await postAll(world, posts);
      world.fuse.set(at, after);
      // Who was killed does not leave its group in order; who comes next shares nothing with it but the stores.
      const victim = await startFeed(program, world.ports);
      const isKilled = await runToEnd(victim).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      world.fuse.set(Number.POSITIVE_INFINITY, false);
      await victim.stop();
      crashes += isKilled ? 1 : 0;
      await runToEnd(await startFeed(program, world.ports));
      expect({ at, after, timelines: await timelinesOf(world) }).toEqual({ at, after, timelines: expected });
    }
  expect(crashes).toBeGreaterThan(50);
});

test('who was replaced in the middle of a post, and comes back, brings nothing a second time', async () => {
  const world = await createWorld();
  await postAll(world, posts);
  const first = await startFeed(
    { ...program, work: { ...program.work, batch: 7 } as FeedProgram['work'] },
    world.ports,
  );
  await first.step({ maxWaitMs: 0 });
  const second = await startFeed(program, world.ports);
  for (let i = 0; i < 50; i++) {
    await first.step({ maxWaitMs: 0 });
    await second.step({ maxWaitMs: 0 });
  }
  await runToEnd(first);
  await runToEnd(second);
  expect(await timelinesOf(world)).toEqual(expected);
});

test('what stays behind in the store does not grow with the posts', async () => {
  const world = await createWorld();
  await postAll(world, posts);
  await runToEnd(await startFeed(program, world.ports));
  const batch = world.keyValue.batch();
  const states = [0, 1, 2, 3].map((shard) => batch.hashGetAll(keys.shard(shard)));
  await batch.run();
  for (const state of states) expect(Object.keys(state.value()).filter((field) => field.startsWith('j:'))).toEqual([]);
});

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { entryText, markText, parseShardState, shardOf } from '@groundswell/feeds';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { feedKeysOf, type PostRecord } from '@groundswell/wire';
import { expect, onTestFinished, test } from 'vitest';
import { addressesOf, logger } from './servers.ts';

const kills = 50;
const shards = 16;
const pipeline = `kill-${Date.now()}`;
const keys = feedKeysOf(pipeline);
const program = {
  ...{ kind: 'feed', name: 'feed-home', pipeline, revision: '', feed: 'home' },
  posts: { name: 'posts' },
  deadLetters: { name: 'dead-letters' },
  work: {
    ...{ kind: 'fanOut', jobs: { name: 'jobs' }, mode: 'FanOutOnWrite', maxFollowers: 0, shards },
    ...{ page: 5, batch: 20, maxPerAccount: 3, length: 100 },
  },
};

const users = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
const followers: Readonly<Record<string, number>> = { hot: 10_000, warm: 700, small: 3 };
const authors = ['hot', 'small', 'warm', 'hot', 'hot', 'small'];
const posts = Array.from({ length: 90 }, (_, i) => ({ id: 2 ** 51 + i, author: authors[i % 6] ?? '' }));
const records = posts.map(
  ({ id, author }): PostRecord => ({
    kind: 'post',
    post: { post_id: String(id), author_id: author, text: '', at: Date.now() },
  }),
);
const listOf = (user: string): string => keys.timelinePrefix(shardOf(user, shards)) + user;

const openRedis = async () => {
  const [address = ''] = addressesOf('GROUNDSWELL_REDIS');
  const keyValue = await createRedisKeyValue({ nodes: [address], logger });
  onTestFinished(() => keyValue.close());
  return { address, keyValue };
};

type Redis = Awaited<ReturnType<typeof openRedis>>;

const makeFollowers = async ({ keyValue }: Redis): Promise<void> => {
  const batch = keyValue.batch();
  for (const user of users) batch.listPush(listOf(user), [markText(1)], 100);
  for (const [author, count] of Object.entries(followers))
    users.slice(0, count).forEach((user, i) => {
      batch.hashSet(keys.audience(author), { [shardOf(user, shards)]: '1' });
      batch.sortedAdd(keys.followers(shardOf(user, shards), author), [{ member: user, score: 2 ** 50 + i }]);
    });
  await batch.run();
};

const startWorker = ({ address }: Redis): ChildProcess => {
  const child = fork(join(import.meta.dirname, 'feed', 'worker.ts'), { execArgv: ['--conditions=source'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send({ address, program, posts: records });
  return child;
};

const isHalfDone = async ({ keyValue }: Redis): Promise<boolean> => {
  const batch = keyValue.batch();
  const states = Array.from({ length: shards }, (_, shard) => batch.hashGetAll(keys.shard(shard)));
  await batch.run();
  return states.some((state) =>
    [...parseShardState(state.value()).cursors.values()].some((cursor) => cursor !== 'done'),
  );
};

test(`a worker killed at ${kills} random moments leaves nobody without a post, and nobody with one twice`, async () => {
  const redis = await openRedis();
  await makeFollowers(redis);
  let halfDone = 0;
  for (let i = 0; i < kills; i++) {
    const worker = startWorker(redis);
    // It tells of each step, of about 50 ms: what it does first are reading and planning.
    for (let steps = 1 + Math.floor(Math.random() * 4); steps > 0; steps--)
      await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
    await wait(Math.random() * 50);
    worker.kill('SIGKILL');
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
    if (await isHalfDone(redis)) halfDone++;
  }
  const last = startWorker(redis);
  const [code] = (await once(last, 'exit')) as [number | null];
  const batch = redis.keyValue.batch();
  const lists = users.map((user) => batch.listRange(listOf(user), 0, -1));
  await batch.run();
  const found = lists.map((list) =>
    list
      .value()
      .filter((text) => !text.startsWith('-'))
      .toSorted(),
  );
  const expected = users.map((_, i) => posts.filter(({ author }) => i < (followers[author] ?? 0)).map(entryText));
  expect({ code, found }).toEqual({ code: 0, found: expected });
  // Else it was killed when there was nothing to break.
  expect(halfDone).toBeGreaterThan(kills / 2);
}, 900_000);

import { entryText, markText, shardOf } from '@groundswell/feeds';
import { feedKeysOf } from '@groundswell/wire';
import type { Redis } from 'ioredis';

export const shards = 64;
export const pipeline = 'bench';
export const author = 'author';
const keys = feedKeysOf(pipeline);

/** Commands of one round trip while the world is made. */
const atOnce = 10_000;

/** Posts that lie in each timeline already. */
const held = Array.from({ length: 5 }, (_, i) => entryText({ id: 2 ** 50 + i, author: 'somebody' }));

const userOf = (i: number): string => `user-${i}`;

export const timelineOf = (i: number): string => keys.timelinePrefix(shardOf(userOf(i), shards)) + userOf(i);

/** An empty server, then followers of one author, all of whom have read their timelines lately. */
export const makeFollowers = async (redis: Redis, count: number): Promise<void> => {
  await redis.flushall();
  for (let from = 0; from < count; from += atOnce) {
    const trip = redis.pipeline();
    for (let i = from; i < Math.min(count, from + atOnce); i++) {
      const shard = shardOf(userOf(i), shards);
      trip.zadd(keys.followers(shard, author), 2 ** 51 + i, userOf(i));
      trip.lpush(timelineOf(i), markText(0), ...held);
      if (i < 10_000) trip.hset(keys.audience(author), shard, '1');
    }
    await trip.exec();
  }
};

/** Deliveries of posts with these ids, found in the timelines of so many followers: each exactly once, or it throws. */
export const checkFollowers = async (redis: Redis, count: number, posts: readonly string[]): Promise<void> => {
  const step = Math.max(1, Math.floor(count / 20_000));
  const trip = redis.pipeline();
  for (let i = 0; i < count; i += step) trip.lrange(timelineOf(i), 0, -1);
  for (const [error, texts] of (await trip.exec()) ?? []) {
    if (error !== null) throw error;
    const found = (texts as readonly string[]).filter((text) => posts.includes(text.split(':')[0] ?? ''));
    if (found.length !== posts.length || new Set(found).size !== posts.length)
      throw new Error(`Cannot trust the figures: a timeline has ${found.length} of ${posts.length} posts`);
  }
};

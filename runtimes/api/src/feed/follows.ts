import { type Entry, shardOf } from '@groundswell/feeds';
import type { KeyValue } from '@groundswell/stores';
import { feedKeysOf } from '@groundswell/wire';
import type { IdMaker } from './id-maker.ts';

export interface Follows {
  /** Answers whether the followed account has blocked the user; then nothing happens. */
  follow(user: string, author: string): Promise<'following' | 'blocked'>;
  unfollow(user: string, author: string): Promise<void>;
  /** Neither follows the other from now on, and the user sees nothing of the other. */
  block(user: string, other: string): Promise<void>;
  unblock(user: string, other: string): Promise<void>;
  /** Of these entries those that the user wants to see: of accounts that are followed and not blocked. */
  wanted(user: string, entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** Of these accounts those that the user follows and has not blocked. */
  followed(user: string, authors: readonly string[]): Promise<ReadonlySet<string>>;
  /** All that the user follows. */
  following(user: string): Promise<readonly string[]>;
}

interface FollowsOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly shards: number;
  readonly ids: IdMaker;
  readonly now: () => number;
}

/**
 * Who follows whom stands twice: with the user, which is the truth and in force at once, and with the author, for fan-out. The second
 * is written first and removed last, so what a crash leaves behind is at worst a delivery that no reader lets through.
 */
export const createFollows = ({ keyValue, pipeline, shards, ids, now }: FollowsOptions): Follows => {
  const keys = feedKeysOf(pipeline);

  const unfollow = async (user: string, author: string): Promise<void> => {
    const first = keyValue.batch();
    first.hashDelete(keys.following(user), [author]);
    await first.run();
    const second = keyValue.batch();
    const shard = shardOf(user, shards);
    second.sortedRemove(keys.followers(shard, author), [user]);
    second.sortedRemove(keys.rankedPrefix(shard) + user, [author]);
    await second.run();
  };
  const followed = async (user: string, authors: readonly string[]): Promise<ReadonlySet<string>> => {
    if (authors.length === 0) return new Set();
    const batch = keyValue.batch();
    const follows = batch.hashGet(keys.following(user), authors);
    const blocks = batch.hashGet(keys.blocks(user), authors);
    await batch.run();
    const [follow, block] = [follows.value(), blocks.value()];
    return new Set(authors.filter((_, i) => follow[i] !== undefined && block[i] === undefined));
  };
  return {
    follow: async (user, author) => {
      const asking = keyValue.batch();
      const already = asking.hashGet(keys.following(user), [author]);
      const blocked = asking.hashGet(keys.blocks(author), [user]);
      await asking.run();
      if (blocked.value()[0] !== undefined) return 'blocked';
      // A follower whose place changed while a post goes out would get it twice.
      if (already.value()[0] !== undefined) return 'following';
      const id = await ids.next();
      const shard = shardOf(user, shards);
      const first = keyValue.batch();
      first.hashSet(keys.audience(author), { [shard]: '1' });
      first.sortedAdd(keys.followers(shard, author), [{ member: user, score: id }]);
      await first.run();
      const second = keyValue.batch();
      second.hashSet(keys.following(user), { [author]: String(id) });
      // Filled again on the next read, it has the posts of the account as well.
      second.delete(keys.timelinePrefix(shard) + user);
      second.delete(keys.rankedPrefix(shard) + user);
      await second.run();
      return 'following';
    },
    unfollow,
    block: async (user, other) => {
      const batch = keyValue.batch();
      batch.hashSet(keys.blocks(user), { [other]: String(now()) });
      await batch.run();
      await unfollow(user, other);
      await unfollow(other, user);
    },
    unblock: async (user, other) => {
      const batch = keyValue.batch();
      batch.hashDelete(keys.blocks(user), [other]);
      await batch.run();
    },
    wanted: async (user, entries) => {
      const authors = await followed(user, [...new Set(entries.map(({ author }) => author))]);
      return entries.filter(({ author }) => authors.has(author));
    },
    followed,
    following: async (user) => {
      const batch = keyValue.batch();
      const all = batch.hashGetAll(keys.following(user));
      await batch.run();
      return Object.keys(all.value());
    },
  };
};

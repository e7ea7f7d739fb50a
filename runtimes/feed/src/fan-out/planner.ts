import { parseId, partsOf } from '@groundswell/feeds';
import type { FanOutSettings } from '@groundswell/graph';
import type { KeyValue, OutRecord } from '@groundswell/stores';
import { encodeJson, type FanOutJob, type FeedPost, feedKeysOf, type PostRecord } from '@groundswell/wire';
import type { Read } from '../records.ts';

export interface Planner {
  /** Answers the jobs for these posts. Planned twice, they are the same jobs. */
  plan(records: readonly Read<PostRecord>[], settings: FanOutSettings): Promise<readonly OutRecord[]>;
}

interface PlannerOptions {
  readonly pipeline: string;
  readonly keyValue: KeyValue;
  /** Of the topic of jobs. */
  readonly partitions: number;
}

interface Planned extends Read<PostRecord> {
  readonly post: FeedPost;
  readonly id: number;
}

/** Accounts that have not posted for so long are not merged at read any more. */
const largeKeepMs = 30 * 86_400_000;

const isPost = (read: Read<PostRecord>): readonly Planned[] => {
  const { record } = read;
  if (record.kind !== 'post') return [];
  return [{ ...read, post: record.post, id: parseId(record.post.post_id) ?? 0 }];
};

/** Decides for each post which shards of followers get it, or that it is merged at read. */
export const createPlanner = ({ pipeline, keyValue, partitions }: PlannerOptions): Planner => {
  const keys = feedKeysOf(pipeline);

  /**
   * Lists posts with their authors, and answers the shards in which those have followers. Before any timeline has a
   * post, a refill finds it here: who fills a timeline meanwhile misses nothing.
   */
  const listAndAsk = async (records: readonly Read<PostRecord>[], { length }: FanOutSettings) => {
    const batch = keyValue.batch();
    for (const { record } of records)
      if (record.kind === 'delete') batch.sortedRemove(keys.postsOf(record.author_id), [record.post_id]);
      else {
        const { post_id, author_id } = record.post;
        batch.sortedAdd(keys.postsOf(author_id), [{ member: post_id, score: Number(post_id) }]);
        batch.sortedRemoveByRank(keys.postsOf(author_id), 0, -length - 1);
      }
    const authors = [...new Set(records.flatMap(isPost).map(({ post }) => post.author_id))];
    const asked = authors.map((author) => ({ author, reply: batch.hashGetAll(keys.audience(author)) }));
    await batch.run();
    return asked.map(({ author, reply }) => ({ author, shards: Object.keys(reply.value()).map(Number) }));
  };
  const countFollowers = async (
    audiences: readonly { author: string; shards: readonly number[] }[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> => {
    const batch = keyValue.batch();
    const asked = audiences.map(({ author, shards }) => ({
      author,
      counts: shards.map((shard) => ({ shard, reply: batch.sortedCount(keys.followers(shard, author)) })),
    }));
    await batch.run();
    return new Map(
      asked.map(({ author, counts }) => [
        author,
        new Map(counts.map(({ shard, reply }) => [shard, reply.value()] as const).filter(([, count]) => count > 0)),
      ]),
    );
  };
  /** From here on they are merged at read. */
  const leaveToReaders = async (posts: readonly Planned[], { mode }: FanOutSettings): Promise<void> => {
    const newest = posts.reduce((max, { id }) => Math.max(max, id), 0);
    if (newest === 0) return;
    const batch = keyValue.batch();
    if (mode === 'RankOnRead') batch.hashSet(keys.meta, { unfanned: String(newest) });
    else {
      for (const { post, id } of posts) batch.sortedAdd(keys.large, [{ member: post.author_id, score: id }]);
      // Of ids, so much time is so many.
      const past = largeKeepMs * (newest / Math.max(1, partsOf(newest).at - partsOf(0).at));
      batch.sortedRemoveByScore(keys.large, 0, newest - past);
    }
    await batch.run();
  };
  const jobOf = ({ post, partition, offset }: Planned, shard: number, followers: number): OutRecord => {
    const job: FanOutJob = {
      ...{ post_id: post.post_id, author_id: post.author_id, shard, followers, at: post.at },
      origin: [partition, String(offset)],
    };
    return { key: String(shard), partition: shard % partitions, value: encodeJson(job), timestamp: post.at };
  };

  return {
    plan: async (records, settings) => {
      const audiences = await listAndAsk(records, settings);
      const posts = records.flatMap(isPost);
      if (settings.mode === 'RankOnRead') {
        await leaveToReaders(posts, settings);
        return [];
      }
      const followers = await countFollowers(audiences);
      const isLarge = ({ post }: Planned): boolean => {
        const counts = [...(followers.get(post.author_id)?.values() ?? [])];
        return settings.mode === 'Hybrid' && counts.reduce((sum, count) => sum + count, 0) > settings.maxFollowers;
      };
      await leaveToReaders(posts.filter(isLarge), settings);
      return posts
        .filter((post) => !isLarge(post))
        .flatMap((post) =>
          [...(followers.get(post.post.author_id) ?? [])].map(([shard, count]) => jobOf(post, shard, count)),
        );
    },
  };
};

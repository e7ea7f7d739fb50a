import type { KeyValue } from '@groundswell/stores';
import { feedKeysOf, recommendKeysOf } from '@groundswell/wire';

/** Lists that differ from user to user. Each is one round trip or two. */
export interface Personal {
  /** Items with these tags, newest first. */
  tagged(tags: readonly string[], limit: number): Promise<readonly string[]>;
  /** Newest posts of those whom the user follows, newest first. */
  followed(user: string, limit: number): Promise<readonly string[]>;
}

interface PersonalOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly recommender: string;
}

/** Of a user who follows more, these many are asked for: an answer has a time limit. */
const mostFollowed = 500;

/** Posts of one account. */
const perAccount = 5;

export const createPersonal = ({ keyValue, pipeline, recommender }: PersonalOptions): Personal => {
  const keys = recommendKeysOf(pipeline, recommender);
  const feedKeys = feedKeysOf(pipeline);

  /** The newest of several sorted sets, by score. */
  const newestOf = async (sets: readonly string[], each: number, limit: number): Promise<readonly string[]> => {
    if (sets.length === 0) return [];
    const batch = keyValue.batch();
    const replies = sets.map((key) => batch.sortedRange(key, 0, each - 1, { reverse: true }));
    await batch.run();
    const found = replies.flatMap((reply) => reply.value()).sort((a, b) => b.score - a.score);
    return [...new Set(found.map(({ member }) => member))].slice(0, limit);
  };
  return {
    tagged: (tags, limit) => newestOf(tags.map(keys.tagged), limit, limit),
    followed: async (user, limit) => {
      const batch = keyValue.batch();
      const following = batch.hashGetAll(feedKeys.following(user));
      await batch.run();
      const accounts = Object.keys(following.value()).slice(0, mostFollowed);
      return newestOf(accounts.map(feedKeys.postsOf), perAccount, limit);
    },
  };
};

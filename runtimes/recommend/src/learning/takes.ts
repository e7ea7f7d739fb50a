import type { RecommendProgram } from '@groundswell/graph';
import type { KeyValue, KeyValueBatch } from '@groundswell/stores';
import { recommendKeysOf, type SocialEvent } from '@groundswell/wire';

/** What users take: which items, and which of them together. */
export interface Takes {
  /** Each item counts once for a user, however often it is taken. Resolves when it is in the batch. */
  write(batch: KeyValueBatch, successes: readonly SocialEvent[]): Promise<void>;
}

interface TakesOptions {
  readonly keyValue: KeyValue;
  readonly program: RecommendProgram;
}

/** Newest items of a user that are remembered: one that is taken again after so many others counts again. */
const mostTaken = 200;
/** A new item of a user is paired with so many before it, which bounds what an action costs. */
const pairedWith = 20;
/** Of the items that were taken together with one, those that most took are kept. */
const mostTogether = 400;

export const createTakes = ({ keyValue, program }: TakesOptions): Takes => {
  const { pipeline, recommender, items } = program;
  const keys = recommendKeysOf(pipeline, recommender);

  /** Newest first, of each user. */
  const readTaken = async (users: readonly string[]): Promise<Map<string, string[]>> => {
    const batch = keyValue.batch();
    const replies = users.map((user) => batch.sortedRange(keys.taken(user), 0, mostTaken - 1, { reverse: true }));
    await batch.run();
    return new Map(users.map((user, i) => [user, replies[i]?.value().map(({ member }) => member) ?? []]));
  };
  const writeTogether = (batch: KeyValueBatch, pairs: ReadonlyMap<string, ReadonlyMap<string, number>>): void => {
    for (const [id, others] of pairs) {
      for (const [other, count] of others) batch.sortedIncrement(keys.together(id), other, count);
      batch.sortedRemoveByRank(keys.together(id), 0, -1 - mostTogether);
      batch.expire(keys.together(id), items.ttlMs);
    }
  };
  return {
    write: async (batch, successes) => {
      const users = [...new Set(successes.map(({ user_id }) => user_id))];
      if (users.length === 0) return;
      const taken = await readTaken(users);
      const pairs = new Map<string, Map<string, number>>();
      for (const { user_id, post_id: id, at } of successes) {
        const before = taken.get(user_id) ?? [];
        batch.sortedAdd(keys.taken(user_id), [{ member: id, score: at }]);
        if (before.includes(id)) continue;
        for (const other of before.slice(0, pairedWith)) {
          countPair(pairs, id, other);
          countPair(pairs, other, id);
        }
        before.unshift(id);
        batch.counterAdd(keys.takers(id), 1);
        batch.expire(keys.takers(id), items.ttlMs);
      }
      for (const user of users) {
        batch.sortedRemoveByRank(keys.taken(user), 0, -1 - mostTaken);
        batch.expire(keys.taken(user), items.ttlMs);
      }
      writeTogether(batch, pairs);
    },
  };
};

const countPair = (pairs: Map<string, Map<string, number>>, id: string, other: string): void => {
  const others = pairs.get(id) ?? new Map<string, number>();
  others.set(other, (others.get(other) ?? 0) + 1);
  pairs.set(id, others);
};

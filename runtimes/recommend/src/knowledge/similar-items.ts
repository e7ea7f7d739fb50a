import { type Similar, similarity } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import { recommendKeysOf } from '@groundswell/wire';
import { createKept } from './kept.ts';

/** What is like an item, as the actions of users say. */
export interface SimilarItems {
  /** Of each item, in their order; most similar first. In two round trips at most. */
  of(ids: readonly string[]): Promise<readonly (readonly Similar[])[]>;
}

interface SimilarItemsOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly recommender: string;
  /** Wall time, ms. */
  readonly now: () => number;
}

/** Read of each item, those that most users took together with it. */
const mostRead = 100;
/** So long an item is answered as it was, ms: what is similar changes slowly. */
const keptMs = 10_000;
const mostKept = 20_000;

export const createSimilarItems = ({ keyValue, pipeline, recommender, now }: SimilarItemsOptions): SimilarItems => {
  const keys = recommendKeysOf(pipeline, recommender);
  const takers = createKept<number>({
    fetch: async (ids) => {
      const batch = keyValue.batch();
      const counts = ids.map((id) => ({ id, count: batch.counterGet(keys.takers(id)) }));
      await batch.run();
      return new Map(counts.map(({ id, count }) => [id, count.value() ?? 0]));
    },
    keptMs,
    most: mostKept,
    now,
  });
  const lists = createKept<readonly Similar[]>({
    fetch: async (ids) => {
      const batch = keyValue.batch();
      const replies = ids.map((id) => batch.sortedRange(keys.together(id), 0, mostRead - 1, { reverse: true }));
      await batch.run();
      const together = replies.map((reply) => reply.value());
      const counts = await takers.read([...ids, ...together.flat().map(({ member }) => member)]);
      const takersOf = (id: string): number => counts.get(id) ?? 0;
      return new Map(
        ids.map((id, i) => [
          id,
          (together[i] ?? [])
            .map(({ member, score }) => ({ id: member, similarity: similarity(score, takersOf(id), takersOf(member)) }))
            .sort((a, b) => b.similarity - a.similarity),
        ]),
      );
    },
    keptMs,
    most: mostKept,
    now,
  });
  return {
    of: async (ids) => {
      const known = await lists.read(ids);
      return ids.map((id) => known.get(id) ?? []);
    },
  };
};

import { type Similar, similarity } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import { recommendKeysOf } from '@groundswell/wire';

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

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

export const createSimilarItems = ({ keyValue, pipeline, recommender, now }: SimilarItemsOptions): SimilarItems => {
  const keys = recommendKeysOf(pipeline, recommender);
  const lists = new Map<string, Kept<readonly Similar[]>>();
  const takers = new Map<string, Kept<number>>();

  const keep = <T>(kept: Map<string, Kept<T>>, id: string, value: T): void => {
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    kept.delete(id);
    kept.set(id, { value, until: now() + keptMs });
  };
  const countTakers = async (ids: Iterable<string>): Promise<void> => {
    const at = now();
    const batch = keyValue.batch();
    const missing = [...new Set(ids)].filter((id) => (takers.get(id)?.until ?? 0) <= at);
    const counts = missing.map((id) => batch.counterGet(keys.takers(id)));
    if (missing.length > 0) await batch.run();
    for (const [i, id] of missing.entries()) keep(takers, id, counts[i]?.value() ?? 0);
  };
  const fetch = async (ids: readonly string[]): Promise<void> => {
    const batch = keyValue.batch();
    const together = ids.map((id) => batch.sortedRange(keys.together(id), 0, mostRead - 1, { reverse: true }));
    await batch.run();
    await countTakers([...ids, ...together.flatMap((reply) => reply.value().map(({ member }) => member))]);
    const takersOf = (id: string): number => takers.get(id)?.value ?? 0;
    for (const [i, id] of ids.entries()) {
      const pairs = together[i]?.value() ?? [];
      const list = pairs.map(({ member, score }) => ({
        id: member,
        similarity: similarity(score, takersOf(id), takersOf(member)),
      }));
      keep(
        lists,
        id,
        list.sort((a, b) => b.similarity - a.similarity),
      );
    }
  };
  return {
    of: async (ids) => {
      const at = now();
      const missing = ids.filter((id) => (lists.get(id)?.until ?? 0) <= at);
      if (missing.length > 0) await fetch(missing);
      return ids.map((id) => lists.get(id)?.value ?? []);
    },
  };
};

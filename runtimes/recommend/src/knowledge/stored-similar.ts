import type { Similar } from '@groundswell/recommending';
import type { OfflineStore } from '@groundswell/stores';

interface StoredSimilarOptions {
  readonly store: OfflineStore;
  /** With ids, separated by commas, most similar first. */
  readonly field: string;
  readonly timeoutMs: number;
}

/**
 * What is like each item, as an offline store says: the first counts 1, the second a half, and so on.
 *
 * @throws Error where the store does not answer in time
 */
export const readStoredSimilar = async (
  ids: readonly string[],
  { store, field, timeoutMs }: StoredSimilarOptions,
): Promise<readonly (readonly Similar[])[]> => {
  const rows = await store.read(ids, [field], timeoutMs);
  return rows.map(([text = '']) =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '')
      .map((id, place) => ({ id, similarity: 1 / (place + 1) })),
  );
};

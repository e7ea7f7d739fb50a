/** An item that is like another one. */
export interface Similar {
  readonly id: string;
  /** Above 0; the more alike, the higher. */
  readonly similarity: number;
}

/** Takers that the product of two items is thought to have besides: of items that few took, little is known. */
const shrinkage = 10;

/**
 * How alike two items are by who took them: the cosine of their takers, shrunk.
 *
 * @param both  how many took both
 */
export const similarity = (both: number, takers: number, others: number): number =>
  both / (Math.sqrt(Math.max(takers, both) * Math.max(others, both)) + shrinkage);

/**
 * What is like the items that a user took: similarities to all of them are added up. Highest first, then by id.
 *
 * @param lists  of each of those items what is like it
 * @param taken  is left out
 */
export const likeThose = (lists: readonly (readonly Similar[])[], taken: ReadonlySet<string>): readonly Similar[] => {
  const sums = new Map<string, number>();
  for (const list of lists)
    for (const { id, similarity: added } of list) if (!taken.has(id)) sums.set(id, (sums.get(id) ?? 0) + added);
  return [...sums]
    .map(([id, sum]) => ({ id, similarity: sum }))
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
};

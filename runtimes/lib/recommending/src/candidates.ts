/** What one source has found, best first. */
export interface Found {
  /** Name of the source. */
  readonly source: string;
  readonly items: readonly string[];
  /** What the source thinks of items, also of others than it brings; the higher, the better. */
  readonly scores?: ReadonlyMap<string, number>;
}

export interface Candidate {
  readonly id: string;
  /** Sources that found it, in their declared order: the first says why it is shown. */
  readonly sources: readonly string[];
}

/**
 * All sources as one list, each item once. The sources take turns, so that a limit cuts the tail of each and no source is
 * lost to those before it.
 *
 * @param most  items, at most
 */
export const mergeCandidates = (found: readonly Found[], most: number): readonly Candidate[] => {
  const sources = new Map<string, string[]>();
  for (const { source, items } of found)
    for (const id of new Set(items)) {
      const known = sources.get(id);
      if (known === undefined) sources.set(id, [source]);
      else if (known.at(-1) !== source) known.push(source);
    }
  const order = new Set<string>();
  const longest = found.reduce((length, { items }) => Math.max(length, items.length), 0);
  for (let turn = 0; turn < longest && order.size < most; turn++)
    for (const { items } of found) {
      const id = items[turn];
      if (id !== undefined && order.size < most) order.add(id);
    }
  return [...order].map((id) => ({ id, sources: sources.get(id) ?? [] }));
};

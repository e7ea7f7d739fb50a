import type { Candidate, Found, Scored } from '@groundswell/recommending';
import type { Item } from '../knowledge/item.ts';

/** An item on its way into an answer. */
export interface Entry extends Scored {
  readonly item: Item;
  /** Candidate sources that found it. */
  readonly sources: readonly string[];
  /** What candidate sources think of it, by their names; the model may look at them. */
  readonly hints: Readonly<Record<string, number>>;
  readonly realTime: number | undefined;
  readonly offline: number | undefined;
  /** What the model saw. */
  readonly vector: readonly (number | null)[] | undefined;
  /** It is shown because it is new. */
  readonly tried: boolean;
}

export const entryOf = (item: Item, sources: readonly string[], hints: Entry['hints'] = {}): Entry => ({
  ...{ id: item.id, author: item.author, item, sources, hints, tried: false },
  ...{ score: undefined, realTime: undefined, offline: undefined, vector: undefined },
});

/** Items as they are known, with what sources think of them; those that nobody knows are left out. */
export const entriesOf = (
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, Item>,
  found: readonly Found[] = [],
): readonly Entry[] => {
  const scored = found.filter(({ scores }) => scores !== undefined);
  return candidates.flatMap(({ id, sources }) => {
    const item = known.get(id);
    if (item === undefined) return [];
    const hints = scored.flatMap(({ source, scores }) => {
      const score = scores?.get(id);
      return score === undefined ? [] : [[source, score] as const];
    });
    return [entryOf(item, sources, Object.fromEntries(hints))];
  });
};

import type { Scored } from '@groundswell/recommending';
import type { Item } from '../knowledge/item.ts';

/** An item on its way into an answer. */
export interface Entry extends Scored {
  readonly item: Item;
  /** Candidate sources that found it. */
  readonly sources: readonly string[];
  readonly realTime: number | undefined;
  readonly offline: number | undefined;
  /** What the model saw. */
  readonly vector: readonly (number | null)[] | undefined;
  /** It is shown because it is new. */
  readonly tried: boolean;
}

export const entryOf = (item: Item, sources: readonly string[]): Entry => ({
  ...{ id: item.id, author: item.author, item, sources, tried: false },
  ...{ score: undefined, realTime: undefined, offline: undefined, vector: undefined },
});

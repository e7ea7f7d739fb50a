import { none } from './slots.ts';

/** The rows of one pane, as a chain in the order in which they came. */
interface Pane {
  readonly index: number;
  first: number;
  last: number;
}

/** The panes that have rows, by index. There are no others, so a leap of the watermark costs only what exists. */
export interface Panes {
  /** The pane with this index, made if it is not there. */
  open(index: number): Pane;
  find(index: number): Pane | undefined;
  /** The smallest index ≥ `index` of a pane, or Infinity. */
  nextFrom(index: number): number;
  oldest(): Pane | undefined;
  removeOldest(): void;
  /** Takes a pane away whose rows are gone. */
  remove(index: number): void;
  all(): readonly Pane[];
}

export const createPanes = (): Panes => {
  /** Ascending. At most about as many as make a window, plus what disorder and lateness keep, and as many that are gone. */
  const panes: Pane[] = [];
  /** Those before are gone. `shift` would move all the others where they are many: 4 µs for 30 days of minutes. */
  let gone = 0;
  /** Position of the first pane with an index ≥ `index`; mostly near the end. */
  const position = (index: number): number => {
    let [low, high] = [gone, panes.length];
    if (high > gone && panes[high - 1]!.index < index) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (panes[middle]!.index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    open: (index) => {
      const at = position(index);
      const found = panes[at];
      if (found?.index === index) return found;
      const pane: Pane = { index, first: none, last: none };
      panes.splice(at, 0, pane);
      return pane;
    },
    find: (index) => {
      const found = panes[position(index)];
      return found?.index === index ? found : undefined;
    },
    nextFrom: (index) => panes[position(index)]?.index ?? Infinity,
    oldest: () => panes[gone],
    removeOldest: () => {
      gone++;
      if (gone * 2 < panes.length) return;
      panes.splice(0, gone);
      gone = 0;
    },
    remove: (index) => {
      const at = position(index);
      if (panes[at]?.index === index) panes.splice(at, 1);
    },
    all: () => panes.slice(gone),
  };
};

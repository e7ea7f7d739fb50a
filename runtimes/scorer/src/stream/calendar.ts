/** Something that is due at a time. Of what is due at the same time, the smaller `seq` comes first. */
export interface Due {
  readonly due: number;
  readonly seq: number;
}

/** A binary heap: adding and taking cost O(log n), looking at the next one nothing. */
export interface Calendar<T extends Due> {
  add(entry: T): void;
  /** The next entry, when it is due at or before `now`; it is taken out. */
  take(now: number): T | undefined;
  /** When the next entry is due. */
  next(): number | undefined;
  readonly size: number;
}

const isBefore = (a: Due, b: Due): boolean => a.due < b.due || (a.due === b.due && a.seq < b.seq);

export const createCalendar = <T extends Due>(): Calendar<T> => {
  const heap: T[] = [];

  const rise = (entry: T): void => {
    let hole = heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = entry;
  };
  const sink = (entry: T): void => {
    let hole = 0;
    for (;;) {
      const left = 2 * hole + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && isBefore(b, a);
      const below = isRight ? b : a;
      if (!isBefore(below, entry)) break;
      heap[hole] = below;
      hole = isRight ? left + 1 : left;
    }
    heap[hole] = entry;
  };
  return {
    add: rise,
    take: (now) => {
      const first = heap[0];
      if (first === undefined || first.due > now) return undefined;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sink(last);
      return first;
    },
    next: () => heap[0]?.due,
    get size() {
      return heap.length;
    },
  };
};

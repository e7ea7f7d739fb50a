import { grown } from './grown.ts';

/** Which rows or keys changed: small whole numbers, each once, in the order in which they came, until they are cleared. */
export interface Marks {
  /** Makes room for numbers below `capacity`. */
  reserve(capacity: number): void;
  add(id: number): void;
  all(): readonly number[];
  clear(): void;
}

const last = 1;

/** A chain through one array, so that marking makes no objects: it is done for each event. */
export const createMarks = (): Marks => {
  /** 0: not marked; `last`: the last one; else the next one and 2. */
  let next = new Int32Array(0);
  let [head, tail] = [-1, -1];
  return {
    reserve: (capacity) => {
      next = grown(next, capacity);
    },
    add: (id) => {
      if (next[id] !== 0) return;
      next[id] = last;
      if (tail === -1) head = id;
      else next[tail] = id + 2;
      tail = id;
    },
    all: () => {
      const found: number[] = [];
      for (let id = head; id !== -1; id = next[id]! - 2) found.push(id);
      return found;
    },
    clear: () => {
      for (let id = head; id !== -1; ) {
        const following = next[id]! - 2;
        next[id] = 0;
        id = following;
      }
      [head, tail] = [-1, -1];
    },
  };
};

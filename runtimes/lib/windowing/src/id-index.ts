import { grown } from './grown.ts';

/** Finds slots by their ids. */
export interface IdIndex {
  find(id: string): number | undefined;
  /** `ids[slot]`, which is none of the others, is at `slot` from now on. */
  add(slot: number): void;
  /** Before `ids[slot]` becomes another one. Nothing happens where it is not there, as in a state that is corrupt. */
  remove(slot: number): void;
  readonly size: () => number;
}

/** In a table that is half full at most, chance gives none that is half as long: somebody has chosen ids that meet. */
const longestProbe = 128;

/** Of 32 bits. */
export const hashOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
};

/**
 * A table with open addressing, as taking ids into a `Map` was half of the time of a restore: this takes two fifths of that, and
 * finds ids in three quarters. Its hash is known to everybody, that of a `Map` to nobody: where ids meet as they would not by
 * chance, a `Map` takes its place.
 *
 * @param ids  by slot
 */
export const createIdIndex = (ids: readonly string[]): IdIndex => {
  let chosen: Map<string, number> | undefined;
  let size = 0;
  /** By slot. */
  let hashes = new Int32Array(64);
  /** 0: free; else a slot and 1. Its length is a power of two. */
  let table = new Int32Array(128);
  /** An id lies further from its place than chance would have it. */
  let isMet = false;

  /** Places between that of the slot's hash and `at`. */
  const distance = (slot: number, at: number): number => (at - hashes[slot]!) & (table.length - 1);
  const place = (slot: number): void => {
    const mask = table.length - 1;
    let at = hashes[slot]! & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = slot + 1;
    if (distance(slot, at) >= longestProbe) isMet = true;
  };
  const widen = (): void => {
    const before = table;
    table = new Int32Array(before.length * 2);
    for (const entry of before) if (entry !== 0) place(entry - 1);
  };
  const choose = (): void => {
    chosen = new Map();
    for (const entry of table) if (entry !== 0) chosen.set(ids[entry - 1]!, entry - 1);
    [table, hashes] = [new Int32Array(0), new Int32Array(0)];
  };
  return {
    find: (id) => {
      if (chosen !== undefined) return chosen.get(id);
      const hash = hashOf(id);
      const mask = table.length - 1;
      for (let at = hash & mask; ; at = (at + 1) & mask) {
        const slot = table[at]! - 1;
        if (slot === -1) return undefined;
        if (hashes[slot] === hash && ids[slot] === id) return slot;
      }
    },
    add: (slot) => {
      size++;
      if (chosen !== undefined) {
        chosen.set(ids[slot]!, slot);
        return;
      }
      if (slot >= hashes.length) hashes = grown(hashes, Math.max(slot + 1, hashes.length * 2));
      hashes[slot] = hashOf(ids[slot]!);
      if (size * 2 > table.length) widen();
      place(slot);
      if (isMet) choose();
    },
    remove: (slot) => {
      if (chosen !== undefined) {
        if (chosen.delete(ids[slot]!)) size--;
        return;
      }
      const mask = table.length - 1;
      let free = hashes[slot]! & mask;
      for (; table[free] !== slot + 1; free = (free + 1) & mask) if (table[free] === 0) return;
      size--;
      table[free] = 0;
      // Those behind move up, so that no way to one of them leads over a free place.
      for (let at = (free + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
        if (distance(table[at]! - 1, at) < ((at - free) & mask)) continue;
        table[free] = table[at]!;
        table[at] = 0;
        free = at;
      }
    },
    size: () => size,
  };
};

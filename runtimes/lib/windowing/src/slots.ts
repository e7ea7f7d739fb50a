import { grown } from './grown.ts';
import { createIdIndex } from './id-index.ts';
import { createMarks } from './marks.ts';

/** No row, no slot. */
export const none = -1;

/**
 * Gives each live key a small whole number, its slot, and holds what is known of the key by slot.
 * The arrays grow: take them anew after `open`.
 */
export interface Slots {
  /** The key's newest and oldest row by pane, or `none`. */
  newest: Int32Array<ArrayBuffer>;
  oldest: Int32Array<ArrayBuffer>;
  /** How many of its rows are in its total, and the total's row, or `none`. */
  content: Int32Array<ArrayBuffer>;
  total: Int32Array<ArrayBuffer>;
  /** The newest tick that was published, −Infinity for none. */
  publishedTick: Float64Array<ArrayBuffer>;
  /** The tick of the last firing that touched the key, −Infinity for none. */
  touchedTick: Float64Array<ArrayBuffer>;
  /** 1: its unfinished window changed since heads were published. */
  changed: Uint8Array<ArrayBuffer>;
  /** Slots are below this number. */
  readonly count: () => number;
  /** How many keys are live. */
  readonly live: () => number;
  find(id: string): number | undefined;
  open(id: string, parts: readonly string[]): number;
  release(slot: number): void;
  /** The key, or undefined for a slot that is free. */
  key(slot: number): readonly string[] | undefined;
  /** What is saved of the key differs from the last snapshot. Keys that come and go are noted by themselves. */
  note(slot: number): void;
  /** Since the last snapshot. */
  changes(): SlotChanges;
  /** A snapshot was taken. */
  settle(): void;
}

interface SlotChanges {
  /** Those whose keys are gone; by now they may have another one. */
  readonly released: readonly number[];
  /** Those of live keys that are new or were noted. */
  readonly changed: readonly number[];
  isNew(slot: number): boolean;
}

export const createSlots = (): Slots => {
  const ids: string[] = [];
  const index = createIdIndex(ids);
  const keys: (readonly string[] | undefined)[] = [];
  const free: number[] = [];
  const noted = createMarks();
  /** 1: the key has this slot in the last snapshot, too. */
  let saved = new Uint8Array(64);
  let released: number[] = [];
  noted.reserve(64);

  const makeRoom = (): void => {
    const capacity = slots.newest.length * 2;
    slots.newest = grown(slots.newest, capacity);
    slots.oldest = grown(slots.oldest, capacity);
    slots.content = grown(slots.content, capacity);
    slots.total = grown(slots.total, capacity);
    slots.publishedTick = grown(slots.publishedTick, capacity);
    slots.touchedTick = grown(slots.touchedTick, capacity);
    slots.changed = grown(slots.changed, capacity);
    saved = grown(saved, capacity);
    noted.reserve(capacity);
  };
  const slots: Slots = {
    newest: new Int32Array(64),
    oldest: new Int32Array(64),
    content: new Int32Array(64),
    total: new Int32Array(64),
    publishedTick: new Float64Array(64),
    touchedTick: new Float64Array(64),
    changed: new Uint8Array(64),
    count: () => keys.length,
    live: index.size,
    find: index.find,
    open: (id, parts) => {
      const slot = free.pop() ?? keys.length;
      if (slot === slots.newest.length) makeRoom();
      ids[slot] = id;
      index.add(slot);
      keys[slot] = parts;
      slots.newest[slot] = none;
      slots.oldest[slot] = none;
      slots.content[slot] = 0;
      slots.total[slot] = none;
      slots.publishedTick[slot] = -Infinity;
      slots.touchedTick[slot] = -Infinity;
      noted.add(slot);
      return slot;
    },
    release: (slot) => {
      index.remove(slot);
      ids[slot] = '';
      keys[slot] = undefined;
      free.push(slot);
      if (saved[slot] === 1) released.push(slot);
      saved[slot] = 0;
    },
    key: (slot) => keys[slot],
    note: noted.add,
    changes: () => ({
      released,
      changed: noted.all().filter((slot) => keys[slot] !== undefined),
      isNew: (slot) => saved[slot] === 0,
    }),
    settle: () => {
      released = [];
      for (const slot of noted.all()) if (keys[slot] !== undefined) saved[slot] = 1;
      noted.clear();
    },
  };
  return slots;
};

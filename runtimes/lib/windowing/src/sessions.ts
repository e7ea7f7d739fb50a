import type { Values } from './aggregation.ts';
import { grown } from './grown.ts';
import type { Measures } from './measures.ts';
import { createRows, type Rows } from './rows.ts';
import { createSlots, none, type Slots } from './slots.ts';

/**
 * The sessions of all keys. A session is named by its first row, and consists of one row or more: when sessions merge,
 * their rows are linked, not moved. The arrays grow: take them anew after `open` and `rows.take`.
 */
export interface Sessions {
  readonly slots: Slots;
  readonly rows: Rows;
  /** Times of its first and of its last event. */
  start: Float64Array<ArrayBuffer>;
  last: Float64Array<ArrayBuffer>;
  /** The end that was published, NaN for none. */
  told: Float64Array<ArrayBuffer>;
  /** The time at which it is looked at next, NaN for what is no session. */
  due: Float64Array<ArrayBuffer>;
  /** 1: it changed since it was published. */
  changed: Uint8Array<ArrayBuffer>;
  slot: Int32Array<ArrayBuffer>;
  /** The session of the same key before it. `slots.newest` is the last one. */
  older: Int32Array<ArrayBuffer>;
  /** A session of its own, put between `newer` (none: it is the newest) and the one before that. */
  open(slot: number, newer: number): number;
  /** Makes one session of two; `older` is the one before `session`, which stands for both. */
  merge(session: number, older: number): void;
  /** Forgets a session, and its key if that was its last and no event of the key waits (`slots.content`). `newer`: the session after it. */
  drop(session: number, newer: number): void;
  /** Forgets all sessions of a key, which stays. */
  dropAll(slot: number): void;
  /** Forgets a key with all its sessions. */
  dropKey(slot: number): void;
  /** The session after this one of its key, or none. */
  newerOf(session: number): number;
  /** Its rows, the first one first. What came later on is in the first. */
  rowsOf(session: number): readonly number[];
  /** Links a row behind the others. */
  link(session: number, row: number): void;
  read(session: number): Values;
  forEach(visit: (session: number) => void): void;
  bytes(): number;
  /** Of them, those in use. */
  used(): number;
}

export const createSessions = <E>({ columns, read }: Measures<E>): Sessions => {
  const slots = createSlots();
  /** The next row of the same session, and of a session its last row. */
  let next = new Int32Array(0);
  let tail = new Int32Array(0);
  const arrays = emptyArrays();
  const rows = createRows(columns, (capacity) => {
    next = grown(next, capacity);
    tail = grown(tail, capacity);
    makeRoom(arrays, capacity);
  });
  const unlink = (session: number, newer: number): void => {
    const older = sessions.older[session]!;
    if (newer === none) slots.newest[sessions.slot[session]!] = older;
    else sessions.older[newer] = older;
  };
  const rowsOf = (session: number): readonly number[] => {
    const found: number[] = [];
    for (let row = session; row !== none; row = next[row]!) found.push(row);
    return found;
  };
  const sessions: Sessions = Object.assign(arrays, {
    slots,
    rows,
    open: (slot: number, newer: number) => {
      const session = rows.take();
      sessions.slot[session] = slot;
      sessions.told[session] = Number.NaN;
      sessions.due[session] = Infinity;
      sessions.changed[session] = 0;
      sessions.older[session] = newer === none ? slots.newest[slot]! : sessions.older[newer]!;
      if (newer === none) slots.newest[slot] = session;
      else sessions.older[newer] = session;
      next[session] = none;
      tail[session] = session;
      return session;
    },
    merge: (session: number, older: number) => {
      unlink(older, session);
      sessions.due[older] = Number.NaN;
      sessions.start[session] = Math.min(sessions.start[session]!, sessions.start[older]!);
      sessions.last[session] = Math.max(sessions.last[session]!, sessions.last[older]!);
      next[tail[session]!] = older;
      tail[session] = tail[older]!;
    },
    drop: (session: number, newer: number) => {
      const slot = sessions.slot[session]!;
      unlink(session, newer);
      sessions.due[session] = Number.NaN;
      for (const row of rowsOf(session)) rows.give(row);
      if (slots.newest[slot] === none && slots.content[slot] === 0) slots.release(slot);
    },
    dropAll: (slot: number) => {
      // Held, as the last one would let go of the key.
      slots.content[slot]!++;
      while (slots.newest[slot] !== none) sessions.drop(slots.newest[slot]!, none);
      slots.content[slot]!--;
    },
    dropKey: (slot: number) => {
      sessions.dropAll(slot);
      slots.release(slot);
    },
    newerOf: (session: number) => {
      let newer = none;
      for (let at = slots.newest[sessions.slot[session]!]!; at !== session; at = sessions.older[at]!) newer = at;
      return newer;
    },
    rowsOf,
    link: (session: number, row: number) => {
      next[tail[session]!] = row;
      next[row] = none;
      tail[session] = row;
      sessions.due[row] = Number.NaN;
    },
    read: (session: number) => {
      if (next[session] === none) return read(session);
      const total = rows.take();
      // Of equal times, what is in an earlier row came later.
      for (const row of rowsOf(session).toReversed()) for (const column of columns) column.enter(total, row);
      const values = read(total);
      rows.give(total);
      return values;
    },
    forEach: (visit: (session: number) => void) => {
      for (let slot = 0; slot < slots.count(); slot++)
        if (slots.key(slot) !== undefined)
          for (let session = slots.newest[slot]!; session !== none; session = sessions.older[session]!) visit(session);
    },
    used: () => rows.used() + rows.live() * bytesPerSession + slots.live() * bytesPerKey,
    bytes: () => rows.bytes() + rows.capacity() * bytesPerSession + slots.live() * bytesPerKey,
  });
  return sessions;
};

/** Five numbers of times and flags, and four links. */
const bytesPerSession = 4 * 8 + 1 + 4 * 4;
/** As in a table. */
const bytesPerKey = 250;

type Arrays = Pick<Sessions, 'start' | 'last' | 'told' | 'due' | 'changed' | 'slot' | 'older'>;

const emptyArrays = (): Arrays => ({
  start: new Float64Array(0),
  last: new Float64Array(0),
  told: new Float64Array(0),
  due: new Float64Array(0),
  changed: new Uint8Array(0),
  slot: new Int32Array(0),
  older: new Int32Array(0),
});

const makeRoom = (arrays: Arrays, capacity: number): void => {
  const used = arrays.due.length;
  arrays.start = grown(arrays.start, capacity);
  arrays.last = grown(arrays.last, capacity);
  arrays.told = grown(arrays.told, capacity);
  arrays.due = grown(arrays.due, capacity);
  arrays.due.fill(Number.NaN, used);
  arrays.changed = grown(arrays.changed, capacity);
  arrays.slot = grown(arrays.slot, capacity);
  arrays.older = grown(arrays.older, capacity);
};

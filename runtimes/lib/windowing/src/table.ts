import type { Column } from './columns/column.ts';
import { grown } from './grown.ts';
import { createMarks } from './marks.ts';
import { createPanes, type Panes } from './panes.ts';
import { createSlots, none, type Slots } from './slots.ts';

/**
 * The state of a windower: one row for each key and pane with content, in columns of numbers rather than objects.
 * A row is in two chains: of its key (by pane) and of its pane (as they came). The arrays grow: take them anew after
 * `rowAt` and `take`.
 */
export interface Table<E> {
  readonly columns: readonly Column<E>[];
  readonly slots: Slots;
  readonly panes: Panes;
  /** NaN for a total, and for a row that is free. */
  pane: Float64Array<ArrayBuffer>;
  slot: Int32Array<ArrayBuffer>;
  /** Next older and newer row of the same key, next row of the same pane. */
  older: Int32Array<ArrayBuffer>;
  newer: Int32Array<ArrayBuffer>;
  next: Int32Array<ArrayBuffer>;
  /** The row of a key in a pane, made if it is not there. */
  rowAt(slot: number, pane: number): number;
  /** The row of a pane differs from the last snapshot. */
  note(row: number): void;
  /** Rows of panes that were noted since the last snapshot. */
  noted(): readonly number[];
  /** A snapshot was taken. */
  settle(): void;
  /** The panes in which a key has rows. */
  panesOf(slot: number): readonly number[];
  /** Forgets the oldest pane with its rows, and keys that have none left and are not kept. */
  dropOldestPane(): void;
  /** Forgets keys with all their rows. */
  dropKeys(slots: readonly number[]): void;
  /** A cleared row in no chain, for a total. */
  take(): number;
  give(row: number): void;
  /** How many rows are of panes, not totals. */
  readonly rows: () => number;
  /** About how many bytes the state takes, and how many of them are in use. */
  readonly bytes: () => number;
  readonly used: () => number;
}

/** @param keeps keys that stay though they have no rows; absent: none */
export const createTable = <E>(columns: readonly Column<E>[], keeps?: (slot: number) => boolean): Table<E> => {
  const slots = createSlots();
  const panes = createPanes();
  const changed = createMarks();
  /** Free rows, chained by `next`. */
  let free = none;
  let [used, live, taken] = [0, 0, 0];

  const makeRoom = (capacity: number): void => {
    table.pane = grown(table.pane, capacity);
    table.slot = grown(table.slot, capacity);
    table.older = grown(table.older, capacity);
    table.newer = grown(table.newer, capacity);
    table.next = grown(table.next, capacity);
    changed.reserve(capacity);
    for (const column of columns) column.reserve(capacity);
  };
  const take = (): number => {
    if (free === none && used === table.pane.length) makeRoom(used * 2);
    const row = free === none ? used++ : free;
    if (row === free) free = table.next[row]!;
    table.pane[row] = Number.NaN;
    taken++;
    return row;
  };
  const give = (row: number): void => {
    taken--;
    for (const column of columns) column.clear(row);
    table.pane[row] = Number.NaN;
    table.next[row] = free;
    free = row;
  };
  const insert = (slot: number, pane: number, [older, newer]: readonly [number, number]): number => {
    const row = take();
    live++;
    table.pane[row] = pane;
    table.slot[row] = slot;
    table.older[row] = older;
    table.newer[row] = newer;
    table.next[row] = none;
    if (older === none) slots.oldest[slot] = row;
    else table.newer[older] = row;
    if (newer === none) slots.newest[slot] = row;
    else table.older[newer] = row;
    const chain = panes.open(pane);
    if (chain.first === none) chain.first = row;
    else table.next[chain.last] = row;
    chain.last = row;
    return row;
  };
  /** The oldest pane holds the oldest row of each of its keys. */
  const dropRow = (row: number): void => {
    const slot = table.slot[row]!;
    const newer = table.newer[row]!;
    slots.oldest[slot] = newer;
    if (newer !== none) table.older[newer] = none;
    else {
      slots.newest[slot] = none;
      if (keeps === undefined || !keeps(slot)) slots.release(slot);
    }
    live--;
    give(row);
  };
  /** Takes the rows of some keys out of a pane's chain. */
  const unchain = (index: number, gone: ReadonlySet<number>): void => {
    const chain = panes.find(index)!;
    let [row, last] = [chain.first, none];
    while (row !== none) {
      const next = table.next[row]!;
      if (gone.has(table.slot[row]!)) {
        live--;
        give(row);
      } else {
        if (last === none) chain.first = row;
        else table.next[last] = row;
        last = row;
      }
      row = next;
    }
    chain.last = last;
    if (last === none) panes.remove(index);
    else table.next[last] = none;
  };
  const perRow = (): number => columns.reduce((sum, { bytesPerRow }) => sum + bytesPerRow, linkBytes);
  const table: Table<E> = {
    columns,
    slots,
    panes,
    pane: new Float64Array(0),
    slot: new Int32Array(0),
    older: new Int32Array(0),
    newer: new Int32Array(0),
    next: new Int32Array(0),
    rowAt: (slot, pane) => {
      let newer = none;
      let row = slots.newest[slot]!;
      while (row !== none && table.pane[row]! > pane) {
        newer = row;
        row = table.older[row]!;
      }
      return row !== none && table.pane[row] === pane ? row : insert(slot, pane, [row, newer]);
    },
    note: changed.add,
    noted: () => changed.all().filter((row) => !Number.isNaN(table.pane[row]!)),
    settle: () => {
      slots.settle();
      changed.clear();
    },
    panesOf: (slot) => {
      const found: number[] = [];
      for (let row = slots.newest[slot]!; row !== none; row = table.older[row]!) found.push(table.pane[row]!);
      return found;
    },
    dropOldestPane: () => {
      let row = panes.oldest()?.first ?? none;
      panes.removeOldest();
      while (row !== none) {
        const next = table.next[row]!;
        dropRow(row);
        row = next;
      }
    },
    dropKeys: (given) => {
      const touched = new Set(given.flatMap(table.panesOf));
      const gone = new Set(given);
      for (const index of touched) unchain(index, gone);
      for (const slot of given) {
        slots.newest[slot] = none;
        slots.oldest[slot] = none;
        slots.release(slot);
      }
    },
    take,
    give,
    rows: () => live,
    bytes: () => table.pane.length * perRow() + slots.live() * keyBytes,
    used: () => taken * perRow() + slots.live() * keyBytes,
  };
  makeRoom(64);
  return table;
};

/** A row's links: pane, slot, older, newer, next, and the next one that changed. */
const linkBytes = 8 + 5 * 4;
/** A key: its text, its entry in the map, its numbers and what a sink holds of it. Measured with 1 M keys of 13 characters and two aggregations. */
const keyBytes = 250;

import type { Values } from './aggregation.ts';
import type { Column } from './columns/column.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';

/** Panes `from` … `until − 1`. */
export interface PaneRange {
  readonly from: number;
  readonly until: number;
}

/**
 * What each key has in one window. It moves with the window: rows of the entering pane are added, those of the leaving
 * pane taken out, so the cost is that of what changed. All columns are exact, so nothing of the way to a total shows in it.
 *
 * The total of a key with one row in the window is that row; only a second one needs a total of its own.
 */
export interface Totals {
  enter(slot: number, row: number): void;
  /** `rest`: the panes whose rows stay, for columns that must be made anew. */
  leave(slot: number, rows: readonly number[], rest: PaneRange): void;
  /** Makes a key's total anew of its rows in the window. */
  rebuild(slot: number, window: PaneRange): void;
  /** The key has nothing in its total any more. */
  forget(slot: number): void;
  /** What the key has in its total; undefined for no rows. */
  values(slot: number): Values | undefined;
  /** What the key has in another window, made of its rows. For the few windows that are corrected. */
  valuesIn(slot: number, window: PaneRange): Values | undefined;
  /** The same where the window lies ahead of the totals: those are moved there and back, which costs what differs. */
  valuesAhead(slot: number, ahead: PaneRange, now: PaneRange): Values | undefined;
}

/** Without a closure: that one cost more than what it did, once for each column of each key that changes. */
const canLeave = <E>(column: Column<E>, total: number, rows: readonly number[]): boolean => {
  for (const row of rows) if (!column.leave(total, row)) return false;
  return true;
};

export const createTotals = <E>(table: Table<E>, readRow: (row: number) => Values): Totals => {
  const { columns, slots } = table;

  const forRows = (slot: number, { from, until }: PaneRange, visit: (row: number) => void): void => {
    for (let row = slots.newest[slot]!; row !== none && table.pane[row]! >= from; row = table.older[row]!)
      if (table.pane[row]! < until) visit(row);
  };
  const enterRow = (total: number, row: number): void => {
    for (const column of columns) column.enter(total, row);
  };
  /** The rows of panes have a pane. */
  const isOwn = (total: number): boolean => Number.isNaN(table.pane[total]!);

  const enter = (slot: number, row: number): void => {
    if (slots.content[slot]!++ === 0) {
      slots.total[slot] = row;
      return;
    }
    const total = slots.total[slot]!;
    if (isOwn(total)) {
      enterRow(total, row);
      return;
    }
    const own = table.take();
    slots.total[slot] = own;
    enterRow(own, total);
    enterRow(own, row);
  };
  const end = (slot: number): void => {
    const total = slots.total[slot]!;
    if (total !== none && isOwn(total)) table.give(total);
    slots.total[slot] = none;
    slots.content[slot] = 0;
  };
  const leave = (slot: number, rows: readonly number[], rest: PaneRange): void => {
    slots.content[slot]! -= rows.length;
    if (slots.content[slot] === 0) {
      end(slot);
      return;
    }
    const total = slots.total[slot]!;
    for (const column of columns) {
      if (canLeave(column, total, rows)) continue;
      column.clear(total);
      forRows(slot, rest, (stays) => column.enter(total, stays));
    }
  };
  const values = (slot: number): Values | undefined =>
    slots.content[slot] === 0 ? undefined : readRow(slots.total[slot]!);

  const rebuild = (slot: number, window: PaneRange): void => {
    end(slot);
    forRows(slot, window, (row) => enter(slot, row));
  };
  return {
    enter,
    leave,
    rebuild,
    forget: end,
    values,
    valuesIn: (slot, window) => {
      const scratch = table.take();
      let rows = 0;
      forRows(slot, window, (row) => {
        rows++;
        enterRow(scratch, row);
      });
      const found = rows === 0 ? undefined : readRow(scratch);
      table.give(scratch);
      return found;
    },
    valuesAhead: (slot, ahead, now) => {
      const newest = slots.newest[slot]!;
      // The newest row is all that there is: so in every tumbling window.
      if (table.older[newest] === none || table.pane[table.older[newest]!]! < ahead.from) return readRow(newest);
      const [entering, leaving]: [number[], number[]] = [[], []];
      forRows(slot, { from: Math.max(now.until, ahead.from), until: ahead.until }, (row) => entering.push(row));
      for (let row = slots.oldest[slot]!; row !== none && table.pane[row]! < ahead.from; row = table.newer[row]!)
        if (table.pane[row]! >= now.from && table.pane[row]! < now.until) leaving.push(row);
      for (const row of entering) enter(slot, row);
      leave(slot, leaving, ahead);
      const found = values(slot);
      for (const row of leaving) enter(slot, row);
      leave(slot, entering, now);
      return found;
    },
  };
};

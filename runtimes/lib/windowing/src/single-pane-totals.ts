import type { Values } from './aggregation.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import { type PaneRange, readRow, type Totals } from './totals.ts';

/** Where a window is one pane, a key's row in it is its total. */
export const createSinglePaneTotals = <E>(table: Table<E>): Totals => {
  const { slots } = table;
  const rowIn = (slot: number, pane: number): number => {
    let row = slots.newest[slot]!;
    while (row !== none && table.pane[row]! > pane) row = table.older[row]!;
    return row !== none && table.pane[row] === pane ? row : none;
  };
  const set = (slot: number, row: number): void => {
    slots.total[slot] = row;
    slots.content[slot] = row === none ? 0 : 1;
  };
  const valuesIn = (slot: number, { from }: PaneRange): Values | undefined => {
    const row = rowIn(slot, from);
    return row === none ? undefined : readRow(table, row);
  };
  return {
    enter: set,
    leave: (slot) => set(slot, none),
    rebuild: (slot, { from }) => set(slot, rowIn(slot, from)),
    values: (slot) => (slots.content[slot] === 0 ? undefined : readRow(table, slots.total[slot]!)),
    valuesIn,
    valuesAhead: valuesIn,
  };
};

import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Correction, Corrections } from './corrections.ts';
import type { Firing } from './firing.ts';
import { createPlaces, type Places, writeKeys } from './keys-codec.ts';
import type { Restoring, Scope } from './mechanism.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import { times } from './times.ts';

/** The parts of paned windows that a snapshot is taken from, and restored into while they are new. */
interface PanedParts<E> {
  readonly table: Table<E>;
  readonly corrections: Corrections;
  readonly firing: Firing;
}

export const writePanes = <E>(to: ByteWriter, { table, corrections, firing }: PanedParts<E>, scope: Scope): void => {
  for (const column of table.columns) column.writeShared?.(to);
  writeKeys(to, table.slots, scope);
  writeRows(to, table, scope);
  writeCorrections(to, corrections);
  to.number(firing.fired());
  to.number(firing.isRepublishing() ? 1 : 0);
};

export const restorePanes = <E>({ table, corrections, firing }: PanedParts<E>): Restoring => {
  const places = createPlaces({ slots: table.slots, forget: table.dropKeys });
  let [noted, marks]: [readonly Correction[], readonly number[]] = [[], []];
  let [fired, republishing] = [-Infinity, false];
  return {
    load: (from) => {
      const outdated = table.columns.filter((column) => column.loadShared?.(from)).length > 0;
      places.read(from);
      readRows(from, table, places);
      noted = times(from.number(), () => ({
        slot: places.slotOf(from.number()),
        from: from.number(),
        until: from.number(),
      }));
      marks = times(from.number(), () => from.number());
      fired = from.number();
      republishing = from.number() === 1 || outdated;
    },
    resume: () => {
      for (const tick of marks) corrections.mark(tick);
      for (const correction of noted) corrections.note(correction);
      firing.resume(fired);
      if (republishing) firing.republish();
    },
  };
};

/** Rows by pane, in the order of their panes' chains; then the oldest pane that there is, as those before it are gone. */
export const writeRows = <E>(to: ByteWriter, table: Table<E>, scope: Scope): void => {
  const panes = scope === 'all' ? rowsByPane(table) : Map.groupBy(table.noted(), (row) => table.pane[row]!);
  to.number(panes.size);
  for (const [index, rows] of panes) {
    to.number(index);
    for (const row of rows) {
      to.number(table.slot[row]! + 1);
      for (const column of table.columns) column.write(row, to);
    }
    to.number(0);
  }
  to.number(table.panes.oldest()?.index ?? Infinity);
  table.settle();
};

const rowsByPane = <E>(table: Table<E>): ReadonlyMap<number, readonly number[]> =>
  new Map(
    table.panes.all().map(({ index, first }) => {
      const rows: number[] = [];
      for (let row = first; row !== none; row = table.next[row]!) rows.push(row);
      return [index, rows] as const;
    }),
  );

/** @throws RangeError */
export const readRows = <E>(from: ByteReader, table: Table<E>, places: Places): void => {
  for (let left = from.number(); left > 0; left--) {
    const index = from.number();
    for (let place = from.number(); place > 0; place = from.number()) {
      const row = table.rowAt(places.slotOf(place - 1), index);
      for (const column of table.columns) {
        column.clear(row);
        column.load(row, from);
      }
    }
  }
  const oldest = from.number();
  while ((table.panes.oldest()?.index ?? Infinity) < oldest) table.dropOldestPane();
};

const writeCorrections = (to: ByteWriter, corrections: Corrections): void => {
  to.number(corrections.all().length);
  for (const { slot, from, until } of corrections.all()) for (const value of [slot, from, until]) to.number(value);
  to.number(corrections.marks().length);
  for (const tick of corrections.marks()) to.number(tick);
};

import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Corrections } from './corrections.ts';
import type { Firing } from './firing.ts';
import { type Ordinals, readKeys, slotOf, writeKeys } from './keys-codec.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import { times } from './times.ts';

/** The parts of paned windows that a snapshot is taken from, and restored into while they are new. */
interface PanedParts<E> {
  readonly table: Table<E>;
  readonly corrections: Corrections;
  readonly firing: Firing;
}

export const writePanes = <E>(to: ByteWriter, { table, corrections, firing }: PanedParts<E>): void => {
  for (const column of table.columns) column.writeShared?.(to);
  const ordinals = writeKeys(to, table.slots);
  writeRows(to, table, ordinals);
  writeCorrections(to, corrections, ordinals);
  to.number(firing.fired());
  to.number(firing.isRepublishing() ? 1 : 0);
};

/** @throws RangeError */
export const loadPanes = <E>(from: ByteReader, { table, corrections, firing }: PanedParts<E>): void => {
  const outdated = table.columns.filter((column) => column.loadShared?.(from)).length > 0;
  const slots = readKeys(from, table.slots);
  readRows(from, table, slots);
  firing.resume(readCorrections(from, corrections, slots));
  if (from.number() === 1 || outdated) firing.republish();
};

export const writeRows = <E>(to: ByteWriter, table: Table<E>, ordinals: Ordinals): void => {
  to.number(table.panes.all().length);
  for (const { index, first } of table.panes.all()) {
    to.number(index);
    for (let row = first; row !== none; row = table.next[row]!) {
      to.number(ordinals.get(table.slot[row]!)! + 1);
      for (const column of table.columns) column.write(row, to);
    }
    to.number(0);
  }
};

export const readRows = <E>(from: ByteReader, table: Table<E>, slots: readonly number[]): void => {
  for (let left = from.number(); left > 0; left--) {
    const index = from.number();
    for (let ordinal = from.number(); ordinal > 0; ordinal = from.number()) {
      const row = table.rowAt(slotOf(slots, ordinal - 1), index);
      for (const column of table.columns) column.load(row, from);
    }
  }
};

const writeCorrections = (to: ByteWriter, corrections: Corrections, ordinals: Ordinals): void => {
  to.number(corrections.all().length);
  for (const { slot, from, until } of corrections.all())
    for (const value of [ordinals.get(slot)!, from, until]) to.number(value);
  to.number(corrections.marks().length);
  for (const tick of corrections.marks()) to.number(tick);
};

/** Answers the newest tick that has fired, which stands behind the corrections. */
const readCorrections = (from: ByteReader, corrections: Corrections, slots: readonly number[]): number => {
  const noted = times(from.number(), () => [slotOf(slots, from.number()), from.number(), from.number()] as const);
  for (const tick of times(from.number(), () => from.number())) corrections.mark(tick);
  for (const [slot, first, until] of noted) corrections.note({ slot, from: first, until });
  return from.number();
};

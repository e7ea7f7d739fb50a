import type { ByteReader, ByteWriter } from './bytes.ts';
import { readKeys, writeKeys } from './keys-codec.ts';
import { readRows, writeRows } from './paned-snapshot.ts';
import type { RunningFiring } from './running-firing.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';

export const writeRunning = <E>(to: ByteWriter, table: Table<E>, firing: RunningFiring): void => {
  const { columns, slots } = table;
  for (const column of columns) column.writeShared?.(to);
  const ordinals = writeKeys(to, slots);
  for (const slot of ordinals.keys()) {
    const total = slots.total[slot]!;
    to.number(total === none ? 0 : 1);
    if (total !== none) for (const column of columns) column.write(total, to);
  }
  writeRows(to, table, ordinals);
  to.number(firing.fired());
  to.number(firing.isRepublishing() ? 1 : 0);
};

/** @throws RangeError */
export const loadRunning = <E>(from: ByteReader, table: Table<E>, firing: RunningFiring): void => {
  const { columns, slots } = table;
  const outdated = columns.filter((column) => column.loadShared?.(from)).length > 0;
  const known = readKeys(from, slots);
  for (const slot of known) {
    if (from.number() === 0) continue;
    const total = table.take();
    slots.total[slot] = total;
    for (const column of columns) column.load(total, from);
  }
  readRows(from, table, known);
  firing.resume(from.number());
  if (from.number() === 1 || outdated) firing.republish();
};

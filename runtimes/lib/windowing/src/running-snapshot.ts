import type { ByteWriter } from './bytes.ts';
import { createPlaces, writeKeys } from './keys-codec.ts';
import type { Restoring, Scope } from './mechanism.ts';
import { readRows, writeRows } from './paned-snapshot.ts';
import type { RunningFiring } from './running-firing.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';

interface RunningParts<E> {
  readonly table: Table<E>;
  readonly firing: RunningFiring;
}

export const writeRunning = <E>(to: ByteWriter, { table, firing }: RunningParts<E>, scope: Scope): void => {
  const { columns, slots } = table;
  for (const column of columns) column.writeShared?.(to);
  for (const slot of writeKeys(to, slots, scope)) {
    const total = slots.total[slot]!;
    to.number(total === none ? 0 : 1);
    if (total !== none) for (const column of columns) column.write(total, to);
  }
  writeRows(to, table, scope);
  to.number(firing.fired());
  to.number(firing.isRepublishing() ? 1 : 0);
};

export const restoreRunning = <E>({ table, firing }: RunningParts<E>): Restoring => {
  const { columns, slots } = table;
  const forgetTotal = (slot: number): void => {
    if (slots.total[slot] !== none) table.give(slots.total[slot]!);
    slots.total[slot] = none;
  };
  const forget = (gone: readonly number[]): void => {
    for (const slot of gone) forgetTotal(slot);
    table.dropKeys(gone);
  };
  const places = createPlaces({ slots, forget });
  let [fired, republishing] = [-Infinity, false];
  return {
    load: (from) => {
      const outdated = columns.filter((column) => column.loadShared?.(from)).length > 0;
      for (const slot of places.read(from)) {
        forgetTotal(slot);
        if (from.number() === 0) continue;
        const total = table.take();
        slots.total[slot] = total;
        for (const column of columns) column.load(total, from);
      }
      readRows(from, table, places);
      fired = from.number();
      republishing = from.number() === 1 || outdated;
    },
    resume: () => {
      firing.resume(fired);
      if (republishing) firing.republish();
    },
  };
};

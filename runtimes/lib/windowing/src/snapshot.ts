import type { Aggregation } from './aggregation.ts';
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './bytes.ts';
import type { Corrections } from './corrections.ts';
import type { Firing } from './firing.ts';
import { idOf } from './key-reader.ts';
import { type LedgerEntry, outcomes } from './ledger.ts';
import type { Paning } from './shape.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import type { WatermarksSnapshot } from './watermarks.ts';

/** Cannot be gone on from: it is cut short, or of a windower with other options. */
export class CorruptSnapshotError extends Error {
  override readonly name = 'CorruptSnapshotError';
}

/** The parts of a windower that a snapshot is taken from, and restored into while they are new. */
export interface SnapshotParts<E> {
  readonly paning: Paning;
  readonly aggregations: readonly Aggregation<E>[];
  readonly table: Table<E>;
  readonly corrections: Corrections;
  readonly firing: Firing;
}

export interface SavedValues {
  readonly ledger: ReadonlyMap<number, LedgerEntry>;
  readonly watermarks: WatermarksSnapshot;
}

/** Says which options a snapshot is of. Weights are not among them: they may change. */
const signatureOf = <E>({ paning, aggregations }: SnapshotParts<E>): string =>
  JSON.stringify(['windower/1', paning.everyMs, paning.panes, aggregations.map(({ kind, name }) => [kind, name])]);

export const writeSnapshot = <E>(parts: SnapshotParts<E>, values: SavedValues): Uint8Array => {
  const { table, corrections, firing } = parts;
  const to = createByteWriter();
  to.text(signatureOf(parts));
  writeValues(to, values);
  for (const column of table.columns) column.writeShared?.(to);
  const ordinals = writeKeys(to, table);
  writeRows(to, table, ordinals);
  writeCorrections(to, corrections, ordinals);
  to.number(firing.fired());
  to.number(firing.isRepublishing() ? 1 : 0);
  return to.bytes();
};

/** @throws CorruptSnapshotError */
export const readSnapshot = <E>(parts: SnapshotParts<E>, bytes: Uint8Array): SavedValues => {
  try {
    const from = createByteReader(bytes);
    const [found, needed] = [from.text(), signatureOf(parts)];
    if (found !== needed) throw new RangeError(`it is of ${found}, ${needed} is needed`);
    const values = readValues(from);
    const outdated = parts.table.columns.filter((column) => column.loadShared?.(from)).length > 0;
    const slots = readKeys(from, parts.table);
    readRows(from, parts.table, slots);
    parts.firing.resume(readCorrections(from, parts.corrections, slots));
    if (from.number() === 1 || outdated) parts.firing.republish();
    if (!from.ended()) throw new RangeError('bytes are left over');
    return values;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptSnapshotError(`Cannot restore a windower: the snapshot does not fit, ${why}`, { cause });
  }
};

const times = <T>(count: number, make: () => T): T[] => {
  const made: T[] = [];
  for (let i = 0; i < count; i++) made.push(make());
  return made;
};

const writeValues = (to: ByteWriter, { ledger, watermarks }: SavedValues): void => {
  to.number(watermarks.current);
  to.number(watermarks.partitions.length);
  for (const [partition, watermark] of watermarks.partitions) {
    to.number(partition);
    to.number(watermark);
  }
  to.number(ledger.size);
  for (const [partition, entry] of ledger) {
    to.number(partition);
    to.number(entry.in);
    for (const outcome of outcomes) to.number(entry[outcome]);
  }
};

const readValues = (from: ByteReader): SavedValues => {
  const current = from.number();
  const partitions = times(from.number(), () => [from.number(), from.number()] as const);
  const ledger = times(from.number(), () => {
    const partition = from.number();
    const entry = { in: from.number(), aggregated: 0, late: 0, filtered: 0, duplicate: 0, deadLettered: 0 };
    for (const outcome of outcomes) entry[outcome] = from.number();
    return [partition, entry] as const;
  });
  return { watermarks: { current, partitions }, ledger: new Map(ledger) };
};

/** Slot → its place in the snapshot. */
type Ordinals = ReadonlyMap<number, number>;

const writeKeys = <E>(to: ByteWriter, { slots }: Table<E>): Ordinals => {
  const ordinals = new Map<number, number>();
  to.number(slots.live());
  for (let slot = 0; slot < slots.count(); slot++) {
    const key = slots.key(slot);
    if (key === undefined) continue;
    ordinals.set(slot, ordinals.size);
    to.number(key.length);
    for (const part of key) to.text(part);
    to.number(slots.publishedTick[slot]!);
  }
  return ordinals;
};

const readKeys = <E>(from: ByteReader, { slots }: Table<E>): readonly number[] =>
  times(from.number(), () => {
    const key = times(from.number(), () => from.text());
    const slot = slots.open(idOf(key), key);
    slots.publishedTick[slot] = from.number();
    return slot;
  });

const writeRows = <E>(to: ByteWriter, table: Table<E>, ordinals: Ordinals): void => {
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

const readRows = <E>(from: ByteReader, table: Table<E>, slots: readonly number[]): void => {
  for (let left = from.number(); left > 0; left--) {
    const index = from.number();
    for (let ordinal = from.number(); ordinal > 0; ordinal = from.number()) {
      const row = table.rowAt(slotOf(slots, ordinal - 1), index);
      for (const column of table.columns) column.load(row, from);
    }
  }
};

const slotOf = (slots: readonly number[], ordinal: number): number => {
  const slot = slots[ordinal];
  if (slot === undefined) throw new RangeError(`row of key ${ordinal}, there are ${slots.length} keys`);
  return slot;
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

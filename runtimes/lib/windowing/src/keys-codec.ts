import type { ByteReader, ByteWriter } from './bytes.ts';
import { idOf } from './key-reader.ts';
import type { Slots } from './slots.ts';
import { times } from './times.ts';

/** Slot → its place in the snapshot. */
export type Ordinals = ReadonlyMap<number, number>;

export const writeKeys = (to: ByteWriter, slots: Slots): Ordinals => {
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

/** Slots in the order of the snapshot. */
export const readKeys = (from: ByteReader, slots: Slots): readonly number[] =>
  times(from.number(), () => {
    const key = times(from.number(), () => from.text());
    const slot = slots.open(idOf(key), key);
    slots.publishedTick[slot] = from.number();
    return slot;
  });

/** @throws RangeError for a place that no key has */
export const slotOf = (slots: readonly number[], ordinal: number): number => {
  const slot = slots[ordinal];
  if (slot === undefined) throw new RangeError(`row of key ${ordinal}, there are ${slots.length} keys`);
  return slot;
};

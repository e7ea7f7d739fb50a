import type { ByteReader, ByteWriter } from './bytes.ts';
import { idOf } from './key-reader.ts';
import type { Scope } from './mechanism.ts';
import type { Slots } from './slots.ts';
import { times } from './times.ts';

const liveOf = (slots: Slots): readonly number[] => {
  const live: number[] = [];
  for (let slot = 0; slot < slots.count(); slot++) if (slots.key(slot) !== undefined) live.push(slot);
  return live;
};

/** Writes keys under the numbers of their slots, so that changes need no texts; answers the slots that were written. */
export const writeKeys = (to: ByteWriter, slots: Slots, scope: Scope): readonly number[] => {
  const { released, changed, isNew } = slots.changes();
  const gone = scope === 'all' ? [] : released;
  const written = scope === 'all' ? liveOf(slots) : changed;
  to.number(gone.length);
  for (const slot of gone) to.number(slot);
  to.number(written.length);
  for (const slot of written) {
    to.number(slot);
    const key = scope === 'all' || isNew(slot) ? slots.key(slot)! : undefined;
    to.number(key === undefined ? 0 : key.length + 1);
    if (key?.length === 1) to.ownText(key[0]!);
    else for (const part of key ?? []) to.text(part);
    to.number(slots.publishedTick[slot]!);
  }
  slots.settle();
  return written;
};

/** Slots by the numbers that they had where they were written. */
export interface Places {
  /** Reads what `writeKeys` wrote; answers the slots in the same order. @throws RangeError */
  read(from: ByteReader): readonly number[];
  /** @throws RangeError for a number that no key has */
  slotOf(place: number): number;
}

export interface PlacesOptions {
  readonly slots: Slots;
  readonly open?: (id: string, parts: readonly string[]) => number;
  /** Lets go of keys with all that they have. */
  readonly forget: (slots: readonly number[]) => void;
}

export const createPlaces = ({ slots, open = slots.open, forget }: PlacesOptions): Places => {
  const places: (number | undefined)[] = [];
  const slotOf = (place: number): number => {
    const slot = places[place];
    if (slot === undefined) throw new RangeError(`key ${place} is spoken of, there is none`);
    return slot;
  };
  return {
    slotOf,
    read: (from) => {
      const gone = times(from.number(), () => from.number());
      // Some came and went between two saves.
      const known = gone.flatMap((place) => places[place] ?? []);
      if (known.length > 0) forget(known);
      for (const place of gone) places[place] = undefined;
      const mayBeKnown = slots.live() > 0;
      return times(from.number(), () => {
        const [place, length] = [from.number(), from.number()];
        if (length > 0) {
          const key = length === 2 ? [from.ownText()] : times(length - 1, () => from.text());
          const id = idOf(key);
          places[place] = (mayBeKnown ? slots.find(id) : undefined) ?? open(id, key);
        }
        const slot = slotOf(place);
        slots.publishedTick[slot] = from.number();
        return slot;
      });
    },
  };
};

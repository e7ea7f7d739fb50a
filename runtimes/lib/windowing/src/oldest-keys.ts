import type { Slots } from './slots.ts';

/**
 * The slots of so many keys of those that have been silent for longest.
 *
 * @param seen of a slot: how far event time was with its newest event, in whatever unit; undefined for a key that has to stay
 */
export const oldestKeys = (
  slots: Slots,
  count: number,
  seen: (slot: number) => number | undefined,
): readonly number[] => {
  const times = new Float64Array(slots.count()).fill(Number.NaN);
  let known = 0;
  for (let slot = 0; slot < times.length; slot++) {
    const time = slots.key(slot) === undefined ? undefined : seen(slot);
    if (time === undefined) continue;
    times[slot] = time;
    known++;
  }
  if (count >= known) return slotsWhere(times, (time) => !Number.isNaN(time));
  // Not a number comes last.
  const limit = times.slice().sort()[count]!;
  const before = slotsWhere(times, (time) => time < limit);
  const among = slotsWhere(times, (time) => time === limit);
  return [...before, ...among.slice(0, count - before.length)];
};

const slotsWhere = (times: Float64Array, holds: (time: number) => boolean): number[] => {
  const found: number[] = [];
  times.forEach((time, slot) => {
    if (holds(time)) found.push(slot);
  });
  return found;
};

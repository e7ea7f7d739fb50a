import type { Fade, FadingColumn } from './columns/fading.ts';
import type { NewestTime } from './columns/newest-time.ts';
import type { DecayShape, GlobalShape } from './shape.ts';
import type { Slots } from './slots.ts';

/** When the total of a key is dropped. Ticks count in units of `everyMs`. What has not entered the total is of no matter. */
export interface Forgetting {
  /** The first tick at which it may be so, as things are now. */
  tickFor(slot: number): number;
  isOver(slot: number, tick: number): boolean;
  /** Of fading values: what is smaller is dropped, from now on. */
  below(value: number): void;
}

/** So long after its newest event. */
export const afterSilence = (
  { everyMs, forgetAfterMs = Infinity }: GlobalShape,
  { times, slots }: { readonly times: NewestTime; readonly slots: Slots },
): Forgetting => {
  const tickFor = (slot: number): number => Math.ceil((times.at(slots.total[slot]!) + forgetAfterMs) / everyMs);
  return { tickFor, isOver: (slot, tick) => tick >= tickFor(slot), below: () => undefined };
};

/** What is so small fades no further: numbers end there. */
const nothing = 2 ** -1000;

/** When all that it holds has faded below a limit. */
export const onceFaded = (
  { everyMs, halfLifeMs, forgetBelow }: DecayShape,
  parts: { readonly columns: readonly FadingColumn<never>[]; readonly fade: Fade; readonly slots: Slots },
): Forgetting => {
  const { columns, fade, slots } = parts;
  let limit = Math.max(forgetBelow, nothing);
  const magnitude = (slot: number): number =>
    columns.reduce((most, column) => Math.max(most, column.magnitude(slots.total[slot]!)), 0);
  return {
    tickFor: (slot) => {
      const halvings = Math.log2(magnitude(slot) / limit);
      return Math.ceil((fade.now + Math.max(0, halvings) * halfLifeMs) / everyMs);
    },
    isOver: (slot, tick) => {
      fade.now = tick * everyMs;
      return magnitude(slot) < limit;
    },
    below: (value) => {
      limit = Math.max(value, nothing);
    },
  };
};

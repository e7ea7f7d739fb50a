import type { Clock } from '@groundswell/process';

/** Now, as the events have it: on replayed data the clock on the wall says nothing of the age of an item. Milliseconds. */
export interface EventClock {
  see(at: number): void;
  now(): number;
}

/** Goes on by the clock on the wall from the newest event; before the first one it is that clock. */
export const createEventClock = (clock: Clock): EventClock => {
  let newest: { readonly at: number; readonly seenAt: number } | undefined;
  const now = (): number =>
    newest === undefined ? clock.now() : Math.floor(newest.at + Math.max(0, clock.now() - newest.seenAt));
  return {
    see: (at) => {
      if (newest === undefined || at >= now()) newest = { at, seenAt: clock.now() };
    },
    now,
  };
};

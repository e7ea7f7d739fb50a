import type { Clock } from './clock.ts';
import { createLatencies, type Latencies } from './latencies.ts';

/** Latencies of the last while. */
export interface RecentLatencies {
  note(ms: number): void;
  /** Of one to two spans. */
  recent(): Latencies;
}

/** @param spanMs  wall time */
export const createRecentLatencies = (clock: Clock, spanMs: number): RecentLatencies => {
  let [before, current] = [createLatencies(), createLatencies()];
  let since = clock.now();
  const turn = (): void => {
    const now = clock.now();
    const age = Math.abs(now - since);
    if (age < spanMs) return;
    before = age < 2 * spanMs ? current : createLatencies();
    current = createLatencies();
    since = now;
  };
  return {
    note: (ms) => {
      turn();
      current.note(ms);
    },
    recent: () => {
      turn();
      return before.with(current);
    },
  };
};

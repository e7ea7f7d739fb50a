/** Wall time. Passed as an argument, so that tests hold the clock in their hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Tries again what failed for the moment, with pauses that grow. */
export interface Retries {
  /** Begins, unless it is at it already. */
  start(): void;
  stop(): void;
}

const [firstMs, longestMs] = [5_000, 300_000];

/** @param attempt  answers whether another try is needed */
export const createRetries = (attempt: () => Promise<boolean>, first = firstMs): Retries => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const wait = (pauseMs: number): void => {
    timer = setTimeout(async () => {
      const again = await attempt().catch(() => true);
      timer = undefined;
      if (again && !stopped) wait(Math.min(2 * pauseMs, longestMs));
    }, pauseMs);
    // What waits for another try keeps no process alive.
    timer.unref();
  };
  return {
    start: () => {
      if (timer === undefined && !stopped) wait(first);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

import type { World } from '../source-reader.ts';

/** What waits until something rings, or a time is over. */
export interface Bell {
  ring(): void;
  wait(maxMs: number): Promise<void>;
}

export const createBell = ({ sleep }: Pick<World, 'sleep'>): Bell => {
  let wake = (): void => undefined;
  return {
    ring: () => wake(),
    wait: async (maxMs) => {
      const stop = new AbortController();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([woken, sleep(maxMs, stop.signal)]);
      stop.abort();
    },
  };
};

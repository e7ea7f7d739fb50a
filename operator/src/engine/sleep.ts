import type { Timers } from './queue.ts';

/** Resolves when the time has passed, or the signal comes before. */
export const sleep = (ms: number, timers: Timers, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

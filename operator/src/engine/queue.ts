import { backoffMs } from '@groundswell/process';

/** The timers of a queue; tests turn them by hand. */
export interface Timers {
  now(): number;
  /** @returns cancels it */
  after(ms: number, then: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

export interface QueueOptions {
  readonly timers: Timers;
  readonly random: () => number;
  /** First wait after a failure and the longest one, ms. */
  readonly initialMs: number;
  readonly maxMs: number;
  readonly onAdd?: (depth: number) => void;
  /** Time in the queue, ms. */
  readonly onTake?: (depth: number, waitedMs: number) => void;
  readonly onRetry?: () => void;
}

/**
 * Keys that wait for somebody to look at them. A key is in it once, however often it was added; while it is worked on, an addition
 * waits until that is done, so no two work on one key.
 */
export interface Queue {
  add(key: string): void;
  /** Added when the time has come; of several times for a key, the earliest counts. */
  addAfter(key: string, ms: number): void;
  /** Added after a wait that doubles with each failure in a row. */
  retry(key: string): void;
  /** Forgets the failures of the key. */
  forget(key: string): void;
  /** The next key; undefined when the queue was closed. */
  take(): Promise<string | undefined>;
  /** To be called for each key that was taken. */
  done(key: string): void;
  depth(): number;
  close(): void;
}

export const createQueue = (options: QueueOptions): Queue => {
  const { timers } = options;
  const waiting = new Map<string, number>();
  const working = new Set<string>();
  const again = new Set<string>();
  const delayed = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  const failures = new Map<string, number>();
  const takers: ((key: string | undefined) => void)[] = [];
  let closed = false;

  const hand = (): void => {
    while (takers.length > 0 && waiting.size > 0) {
      const [key, since] = waiting.entries().next().value as [string, number];
      waiting.delete(key);
      working.add(key);
      options.onTake?.(waiting.size, timers.now() - since);
      takers.shift()?.(key);
    }
  };
  const add = (key: string): void => {
    if (closed) return;
    delayed.get(key)?.cancel();
    delayed.delete(key);
    if (working.has(key)) {
      again.add(key);
      return;
    }
    if (!waiting.has(key)) {
      waiting.set(key, timers.now());
      options.onAdd?.(waiting.size);
    }
    hand();
  };
  const addAfter = (key: string, ms: number): void => {
    if (closed) return;
    const at = timers.now() + ms;
    const known = delayed.get(key);
    if (waiting.has(key) || (known !== undefined && known.at <= at)) return;
    known?.cancel();
    delayed.set(key, { at, cancel: timers.after(ms, () => add(key)) });
  };
  return {
    add,
    addAfter,
    retry: (key) => {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      options.onRetry?.();
      addAfter(key, backoffMs(failed, options));
    },
    forget: (key) => failures.delete(key),
    take: () =>
      closed
        ? Promise.resolve(undefined)
        : new Promise((resolve) => {
            takers.push(resolve);
            hand();
          }),
    done: (key) => {
      working.delete(key);
      if (again.delete(key)) add(key);
    },
    depth: () => waiting.size,
    close: () => {
      closed = true;
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      waiting.clear();
      for (const taker of takers.splice(0)) taker(undefined);
    },
  };
};

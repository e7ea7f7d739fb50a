import { setTimeout as wait } from 'node:timers/promises';

export interface PersistOptions {
  /** Called before each further attempt. */
  readonly prepare: () => Promise<unknown>;
  /** Between two attempts; for tests. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** In ms; about 15 s in all. */
const pauses = [50, 100, 200, 400, 800, 1_500, 3_000, 4_000, 5_000];

/** What kafkajs says may go well later: a partition that has no leader yet, or another one; a broker that starts. */
const isPassing = (error: unknown): boolean =>
  error instanceof Error && 'retriable' in error && error.retriable === true;

/** Tries again what failed for a reason that passes. kafkajs does so by itself for some requests, and not for others. */
export const persist = async <T>(act: () => Promise<T>, { prepare, pause = wait }: PersistOptions): Promise<T> => {
  for (const ms of pauses) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await pause(ms);
    await prepare();
  }
  return act();
};

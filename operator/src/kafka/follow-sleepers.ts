import type { Log } from '@groundswell/stores';
import { inParallel } from '../engine/in-parallel.ts';
import type { Timers } from '../engine/queue.ts';
import { sleep } from '../engine/sleep.ts';
import { lookOfLags } from '../scale/load-of.ts';
import type { Scaler, Sleeper } from '../scale/scaler.ts';

export interface SleepersOptions {
  readonly scaler: Pick<Scaler, 'sleepers' | 'lookAtLog'>;
  /** Connects to the Kafka of a pipeline. */
  readonly open: (key: string) => Promise<Pick<Log, 'lag' | 'close'>>;
  /** Pipelines that are asked at once. */
  readonly parallel: number;
  readonly timers: Timers;
  /** Wall time, ms. */
  readonly now: () => number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onError: (key: string, error: unknown) => void;
  /** A pipeline has to be looked at. */
  readonly onNews: (key: string) => void;
}

type Door = Pick<Log, 'lag' | 'close'>;

/** Asks Kafka again and again what waits for programs that may have no pods; connected to the pipelines that have such, and no others. */
export const followSleepers = async (options: SleepersOptions): Promise<void> => {
  const { scaler, open, parallel, timers, now, everyMs, signal, onError, onNews } = options;
  const doors = new Map<string, Door>();
  const shut = async (key: string): Promise<void> => {
    const door = doors.get(key);
    doors.delete(key);
    // What cannot be closed is gone already.
    await door?.close().catch(() => undefined);
  };
  const tell = (sleeper: Sleeper, look: Parameters<Scaler['lookAtLog']>[1]): void => {
    if (scaler.lookAtLog(sleeper, look)) onNews(sleeper.key);
  };
  const ask = async ([key, sleepers]: readonly [string, readonly Sleeper[]]): Promise<void> => {
    try {
      const door = doors.get(key) ?? (await open(key));
      doors.set(key, door);
      for (const sleeper of sleepers) tell(sleeper, lookOfLags(await door.lag(sleeper.group, sleeper.topic), now()));
    } catch (error) {
      onError(key, error);
      for (const sleeper of sleepers) tell(sleeper, undefined);
      // Secrets may have become others.
      await shut(key);
    }
  };
  while (!signal.aborted) {
    const byPipeline = Map.groupBy(scaler.sleepers(), ({ key }) => key);
    for (const key of [...doors.keys()]) if (!byPipeline.has(key)) await shut(key);
    await inParallel([...byPipeline], parallel, ask);
    await sleep(everyMs, timers, signal);
  }
  await Promise.all([...doors.keys()].map(shut));
};

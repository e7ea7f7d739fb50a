import { setTimeout as wait } from 'node:timers/promises';
import { backoffMs } from '@groundswell/process';
import { FencedError } from '../key-value.ts';
import type { Queued, RunCommands } from './batch.ts';
import { type Command, CommandError, wrongKind } from './command.ts';

/** How often something is tried before it is given up, and how long to wait in between, ms. */
export interface Retries {
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly initialMs: number;
  readonly maxMs: number;
}

/** What a store does not take, however often it is tried: all that was to be written to a key. */
export interface Refusal {
  readonly key: string;
  readonly reason: string;
  readonly commands: readonly Command[];
}

export interface EnduringOptions {
  /** As they are now. */
  readonly retries: () => Retries;
  /** Puts aside what was refused; the others of its batch were written. */
  readonly putAside: (refusals: readonly Refusal[]) => Promise<void>;
  /** Told of each attempt that failed and is followed by another. */
  readonly onRetry: (error: Error) => void;
  readonly random: () => number;
  /** For tests. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Put around a store's way to run commands. */
export type Around = (run: RunCommands) => RunCommands;

/** Done twice it is as if done once. A list that is pushed whole replaces what was there. */
const isRepeatable = ({ command }: Queued): boolean => {
  switch (command.kind) {
    case 'counterAdd':
    case 'sortedIncrement':
    case 'listFan':
      return false;
    case 'listPush':
      return command.keep <= command.values.length;
    default:
      return true;
  }
};

const isRefusal = (error: unknown): error is CommandError =>
  error instanceof CommandError && error.message.endsWith(wrongKind);

const byKey = (queued: readonly Queued[]): ReadonlyMap<string, readonly Queued[]> =>
  Map.groupBy(queued, ({ command }) => command.key);

/**
 * Tries again what fails, where that cannot count twice. What was tried as often as it may be: a key that the store refuses
 * for good is put aside, and the others are written; of a store that does not answer, the error is the caller's.
 */
export const enduring =
  ({ retries, putAside, onRetry, random, pause = wait }: EnduringOptions): Around =>
  (run) => {
    const writeRest = async (queued: readonly Queued[]): Promise<void> => {
      const refusals: Refusal[] = [];
      for (const [key, group] of byKey(queued)) {
        try {
          await run(group);
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refusals.push({ key, reason: error.message, commands: group.map(({ command }) => command) });
        }
      }
      await putAside(refusals);
    };
    return async (queued) => {
      if (!queued.every(isRepeatable)) return run(queued);
      for (let failures = 0; ; failures++) {
        try {
          return await run(queued);
        } catch (error) {
          if (error instanceof FencedError || !(error instanceof Error)) throw error;
          const { attempts, ...waits } = retries();
          if (failures + 1 < attempts) {
            onRetry(error);
            await pause(backoffMs(failures, { ...waits, random }));
          } else if (isRefusal(error) && queued.every(({ reply }) => reply === undefined)) {
            return writeRest(queued);
          } else throw error;
        }
      }
    };
  };

import type { Clock, Logger } from '@groundswell/process';
import type { Change } from '../change.ts';
import type { Checkpoints } from '../checkpoints.ts';
import type { KeyValue } from '../key-value.ts';
import type { Log } from '../log.ts';
import { createMemoryCheckpoints } from '../memory/memory-checkpoints.ts';
import { createMemoryKeyValue } from '../memory/memory-key-value.ts';
import { createMemoryLog } from '../memory/memory-log.ts';
import { createMemoryStates } from '../memory/memory-states.ts';
import type { States } from '../states.ts';
import { type Journal, openJournal } from './journal.ts';

export interface EmbeddedStoresOptions {
  readonly clock: Clock;
  /** Where everything is kept over restarts. Absent: in memory only. */
  readonly directory?: string;
  readonly logger: Logger;
  /** Records go once every consumer has read them; see MemoryLogOptions. */
  readonly dropsRead?: boolean;
  /** For tests; 64 MB. */
  readonly compactAboveBytes?: number;
}

/** Log, key-value store, checkpoints and states of one process, which go on from one common moment after a restart. */
export interface EmbeddedStores {
  readonly log: Log;
  readonly keyValue: KeyValue;
  readonly checkpoints: Checkpoints;
  readonly states: States;
  /** Everything written so far becomes durable, as one. What comes after the last commit is gone after a crash. */
  commit(): Promise<void>;
  /** Whether somebody waits for a commit. */
  isAwaited(): boolean;
  /** Without a commit. */
  close(): Promise<void>;
}

/** @throws JournalError when the folder is in use, damaged, or of a newer version */
export const createEmbeddedStores = async (options: EmbeddedStoresOptions): Promise<EmbeddedStores> => {
  const { clock, directory, dropsRead = false } = options;
  let journal: Journal | undefined;
  const onChange = directory === undefined ? undefined : (change: Change) => journal?.append(change);
  const told = onChange === undefined ? {} : { onChange };
  const log = createMemoryLog({ clock, dropsRead, ...told });
  const keyValue = createMemoryKeyValue({ clock, ...told });
  const checkpoints = createMemoryCheckpoints(onChange);
  const states = createMemoryStates(onChange);
  if (directory !== undefined) {
    journal = await openJournal({
      ...options,
      directory,
      onChange: (change) => {
        if (change.kind === 'commands') keyValue.restore(change);
        else if (change.kind === 'checkpoint') checkpoints.restore(change);
        else if (change.kind === 'state') states.restore(change);
        else log.restore(change);
      },
      snapshot: function* () {
        yield* log.snapshot();
        yield* keyValue.snapshot();
        yield* checkpoints.snapshot();
        yield* states.snapshot();
      },
    });
  }
  let awaiting: (() => void)[] = [];
  const settled = (): Promise<void> => new Promise((resolve) => awaiting.push(resolve));
  return {
    log: journal === undefined ? log : { ...log, settled },
    keyValue,
    checkpoints,
    states,
    commit: async () => {
      const served = awaiting;
      awaiting = [];
      await journal?.commit();
      for (const resolve of served) resolve();
    },
    isAwaited: () => awaiting.length > 0,
    close: async () => {
      await Promise.all([log.close(), keyValue.close(), checkpoints.close()]);
      await journal?.close();
    },
  };
};

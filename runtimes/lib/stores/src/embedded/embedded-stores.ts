import type { Clock, Logger } from '@groundswell/process';
import type { Checkpoints } from '../checkpoints.ts';
import type { KeyValue } from '../key-value.ts';
import type { Log } from '../log.ts';
import { createMemoryCheckpoints } from '../memory/memory-checkpoints.ts';
import { createMemoryKeyValue } from '../memory/memory-key-value.ts';
import { createMemoryLog } from '../memory/memory-log.ts';

export interface EmbeddedStoresOptions {
  readonly clock: Clock;
  /** Where everything is kept over restarts. Absent: in memory only. */
  readonly directory?: string;
  readonly logger: Logger;
}

/** Log, key-value store and checkpoints of one process, which go on from one common moment after a restart. */
export interface EmbeddedStores {
  readonly log: Log;
  readonly keyValue: KeyValue;
  readonly checkpoints: Checkpoints;
  /** Everything written so far becomes durable, as one. What comes after the last commit is gone after a crash. */
  commit(): Promise<void>;
  /** Without a commit. */
  close(): Promise<void>;
}

export const createEmbeddedStores = async ({ clock, directory }: EmbeddedStoresOptions): Promise<EmbeddedStores> => {
  if (directory !== undefined) throw new Error(`Cannot open data folder "${directory}": not supported yet`);
  const log = createMemoryLog({ clock });
  const keyValue = createMemoryKeyValue({ clock });
  const checkpoints = createMemoryCheckpoints();
  return {
    log,
    keyValue,
    checkpoints,
    commit: async () => undefined,
    close: async () => {
      await Promise.all([log.close(), keyValue.close(), checkpoints.close()]);
    },
  };
};

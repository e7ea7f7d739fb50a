import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@groundswell/process';
import type { Change } from '../change.ts';
import { JournalError, type Restored, readJournal } from './journal-reader.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { lockFolder } from './lock.ts';

/** The changes of a data folder. Those since the last commit go as one with the next, or not at all. */
export interface Journal {
  append(change: Change): void;
  commit(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly directory: string;
  readonly logger: Logger;
  /** Called with each committed change while opening. */
  readonly onChange: (change: Change) => void;
  /** Everything that is alive now, for compaction. */
  readonly snapshot: () => Iterable<Change>;
  /** A journal is not compacted below this. */
  readonly compactAboveBytes?: number;
}

const defaultCompactAboveBytes = 64 * 1024 * 1024;

const syncFolder = (directory: string): void => {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** A new journal beside the old one; it holds these changes as its first commit. */
const beginJournal = (directory: string, changes: Iterable<Change>): JournalWriter => {
  const writer = createJournalWriter(join(directory, 'journal.new'), 0);
  for (const change of changes) writer.append(change);
  return writer;
};

/** Either the old journal stands afterwards, or the new one. */
const putInPlace = (directory: string): void => {
  renameSync(join(directory, 'journal.new'), join(directory, 'journal'));
  syncFolder(directory);
};

const restore = async ({ directory, logger, onChange }: JournalOptions): Promise<Restored> => {
  rmSync(join(directory, 'journal.new'), { force: true });
  const path = join(directory, 'journal');
  if (!existsSync(path)) {
    const first = beginJournal(directory, []);
    await first.commit();
    first.close();
    putInPlace(directory);
  }
  const restored = readJournal(directory, path, onChange);
  const { committedBytes, droppedBytes } = restored;
  logger.info({ directory, committedBytes, droppedBytes }, 'opened data folder');
  return restored;
};

const write = (options: JournalOptions, restored: Restored, unlock: () => void): Journal => {
  const { directory, logger, snapshot, compactAboveBytes = defaultCompactAboveBytes } = options;
  let writer = createJournalWriter(join(directory, 'journal'), restored.committedBytes);
  let committedBytes = restored.committedBytes;
  let compactAbove = Math.max(compactAboveBytes, 2 * restored.baseBytes);
  let failure: Error | undefined;
  let last: Promise<void> = Promise.resolve();

  /** After a failed write the end of the file is unknown, so nothing may follow it. */
  const fail = (cause: unknown): never => {
    failure ??= new Error(`Cannot write to data folder "${directory}": ${(cause as Error).message}`, { cause });
    throw failure;
  };
  /** The snapshot is the commit. Changes that come while it is written follow it in the new file. */
  const compact = async (): Promise<void> => {
    const old = writer;
    const before = old.size();
    writer = beginJournal(directory, snapshot());
    const done = writer.commit();
    committedBytes = writer.size();
    compactAbove = Math.max(compactAboveBytes, 2 * committedBytes);
    old.close();
    const after = committedBytes;
    await done;
    putInPlace(directory);
    logger.info({ directory, before, after }, 'compacted data folder');
  };
  const commitOnce = async (): Promise<void> => {
    if (failure !== undefined) throw failure;
    if (writer.size() === committedBytes) return;
    if (writer.size() > compactAbove) return compact();
    const done = writer.commit();
    committedBytes = writer.size();
    await done;
  };
  return {
    append: (change) => {
      if (failure !== undefined) throw failure;
      try {
        writer.append(change);
      } catch (cause) {
        fail(cause);
      }
    },
    // One after the other: the reader relies on a commit being on the disk before the next one is written.
    commit: () => {
      const done = last.then(commitOnce).catch(fail);
      last = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await last;
      writer.close();
      unlock();
    },
  };
};

/** @throws JournalError when the folder is in use, damaged, or of a newer version */
export const openJournal = async (options: JournalOptions): Promise<Journal> => {
  const { directory } = options;
  let unlock: (() => void) | undefined;
  try {
    unlock = lockFolder(directory);
    return write(options, await restore(options), unlock);
  } catch (cause) {
    unlock?.();
    if (cause instanceof JournalError) throw cause;
    throw new JournalError(directory, (cause as Error).message, { cause });
  }
};

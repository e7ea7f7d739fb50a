import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from './journal-reader.ts';

/** Who holds a folder. The start time tells a process from a later one that was given the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string | undefined;
}

/** Clock ticks from boot to the start of a process (field 22 of proc(5)'s stat); undefined where there is no /proc. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

const isAlive = ({ pid, startedAt }: Holder): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startedAt === undefined || startedAt === startOf(pid);
};

const readHolder = (path: string): Holder | undefined => {
  try {
    const [pid, startedAt] = readFileSync(path, 'utf8').trim().split(' ');
    return Number.isInteger(Number(pid)) && Number(pid) > 0 ? { pid: Number(pid), startedAt } : undefined;
  } catch {
    return undefined;
  }
};

/** `link` fails when the lock is there, and never shows a half-written one. */
const tryTake = (path: string): boolean => {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, [process.pid, startOf(process.pid)].join(' ').trim());
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
};

/** Renaming gives the lock to one process only; should it be a new owner's by then, it is put back. */
const removeStale = (path: string): void => {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const holder = readHolder(aside);
    if (holder !== undefined && isAlive(holder) && !existsSync(path)) linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/**
 * Takes the folder for this process; a lock whose process is gone is taken over.
 *
 * @returns lets go of it
 * @throws JournalError when another process has it
 */
export const lockFolder = (directory: string): (() => void) => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryTake(path)) return () => rmSync(path, { force: true });
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new JournalError(directory, `process ${holder.pid} uses it, stop that one or choose another folder`);
    }
    removeStale(path);
  }
  throw new JournalError(directory, 'other processes are opening it as well, stop them or choose another folder');
};

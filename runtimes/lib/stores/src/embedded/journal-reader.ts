import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Change } from '../change.ts';
import { decodeChange } from './change-codec.ts';
import { countCommits, type Frame, headerBytes, journalVersion, readFrames, versionOf } from './frames.ts';

/** Cannot go on without a person: nothing was changed on the disk. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super(`Cannot open data folder "${directory}": ${reason}`, options);
  }
}

export interface Restored {
  /** End of the last whole commit; what lies behind it never happened. */
  readonly committedBytes: number;
  readonly droppedBytes: number;
  /** End of the first commit, which in a compacted journal is everything that was alive. */
  readonly baseBytes: number;
}

const checkHeader = (directory: string, descriptor: number): void => {
  const header = Buffer.alloc(headerBytes);
  const version = versionOf(header.subarray(0, readSync(descriptor, header, 0, headerBytes, 0)));
  if (version === undefined) {
    throw new JournalError(directory, 'its file "journal" is none of Groundswell, choose another folder');
  }
  if (version > journalVersion) {
    const known = `this Groundswell reads up to version ${journalVersion}, use a newer one`;
    throw new JournalError(directory, `its journal has version ${version}, ${known}`);
  }
};

/**
 * Looks for the last commit before the first frame that is not whole. A torn end is what a crash leaves. Two commits
 * behind it are not: the first of them was on the disk before the second was written.
 */
const findCommitted = (directory: string, descriptor: number): Restored => {
  const { size } = fstatSync(descriptor);
  let wholeBytes = headerBytes;
  let committedBytes = headerBytes;
  let baseBytes = 0;
  for (const { end, isCommit } of readFrames(descriptor, size)) {
    wholeBytes = end;
    if (isCommit) committedBytes = end;
    if (baseBytes === 0) baseBytes = committedBytes;
  }
  if (countCommits(descriptor, wholeBytes, size) >= 2) {
    const advice = 'restore the folder from a copy, or delete it to begin anew';
    throw new JournalError(directory, `its journal is damaged at byte ${wholeBytes}, ${advice}`);
  }
  return { committedBytes, droppedBytes: size - committedBytes, baseBytes };
};

const changeOf = ({ payload }: Frame): Change => {
  const headEnd = 4 + payload.readUInt32LE(0);
  return decodeChange(payload.toString('utf8', 4, headEnd), payload.subarray(headEnd));
};

/** Tells every committed change, in order. @throws JournalError when the file cannot be trusted */
export const readJournal = (directory: string, path: string, onChange: (change: Change) => void): Restored => {
  const descriptor = openSync(path, 'r');
  try {
    checkHeader(directory, descriptor);
    const restored = findCommitted(directory, descriptor);
    for (const frame of readFrames(descriptor, restored.committedBytes)) {
      if (!frame.isCommit) onChange(changeOf(frame));
    }
    return restored;
  } finally {
    closeSync(descriptor);
  }
};

import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Change } from '../change.ts';
import { encodeChange } from './change-codec.ts';
import { commitFrame, encodeHeader, frameBytes, headerBytes, sealFrame } from './frames.ts';

const flushFrom = 1 << 20;
const sync = promisify(fdatasync);

/** Writes frames to one file. Buffered: only `commit` says that something is on the disk. */
export interface JournalWriter {
  append(change: Change): void;
  commit(): Promise<void>;
  /** Bytes written and buffered. */
  size(): number;
  /** Drops what is buffered. */
  close(): void;
}

/** @param from  the file is cut there; 0 begins a new journal */
export const createJournalWriter = (path: string, from: number): JournalWriter => {
  const descriptor = openSync(path, from === 0 ? 'w' : 'r+');
  let buffer = Buffer.alloc(flushFrom * 2);
  let filled = 0;
  let written = from;

  const flush = (): void => {
    for (let done = 0; done < filled; ) done += writeSync(descriptor, buffer, done, filled - done, written + done);
    written += filled;
    filled = 0;
  };
  const reserve = (bytes: number): void => {
    if (filled + bytes <= buffer.length) return;
    flush();
    if (bytes > buffer.length) buffer = Buffer.alloc(bytes * 2);
  };
  const put = (bytes: Uint8Array): void => {
    buffer.set(bytes, filled);
    filled += bytes.length;
  };
  const append = (change: Change): void => {
    const { head, bytes } = encodeChange(change);
    // A UTF-16 unit takes at most three bytes in UTF-8.
    let size = frameBytes + 4 + head.length * 3;
    for (const part of bytes) size += part.length;
    reserve(size);
    const start = filled;
    filled += frameBytes + 4;
    const headLength = buffer.write(head, filled, 'utf8');
    buffer.writeUInt32LE(headLength, filled - 4);
    filled += headLength;
    for (const part of bytes) put(part);
    sealFrame(buffer, start, filled);
    if (filled >= flushFrom) flush();
  };

  if (from === 0) put(encodeHeader());
  else if (fstatSync(descriptor).size > from) ftruncateSync(descriptor, Math.max(from, headerBytes));
  return {
    append,
    commit: async () => {
      reserve(commitFrame.length);
      put(commitFrame);
      flush();
      await sync(descriptor);
    },
    size: () => written + filled,
    close: () => closeSync(descriptor),
  };
};

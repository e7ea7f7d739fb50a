import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * The journal on disk: a header, then frames. A frame is its payload's length and CRC-32 (both 32 bits, little-endian), then
 * the payload: a change (length of its head, head, bytes), or the commit mark.
 */
export const journalVersion = 1;
export const headerBytes = 8;
export const frameBytes = 8;
const magic = 'GSWJ';
const mark = Buffer.from('GSCOMMIT');

export const encodeHeader = (version = journalVersion): Buffer => {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 'latin1');
  header.writeUInt32LE(version, 4);
  return header;
};

/** The version that a header names; undefined when it is no header of a journal. */
export const versionOf = (header: Buffer): number | undefined =>
  header.length === headerBytes && header.toString('latin1', 0, 4) === magic ? header.readUInt32LE(4) : undefined;

/** Fills in length and checksum of the frame that lies in `buffer` from `start` to `end`. */
export const sealFrame = (buffer: Buffer, start: number, end: number): void => {
  buffer.writeUInt32LE(end - start - frameBytes, start);
  buffer.writeUInt32LE(crc32(buffer.subarray(start + frameBytes, end)), start + 4);
};

/** A whole frame, always the same bytes. No head can be taken for it: its first four bytes would be a length of 1 GB. */
export const commitFrame: Buffer = Buffer.concat([Buffer.alloc(frameBytes), mark]);
sealFrame(commitFrame, 0, commitFrame.length);

export interface Frame {
  /** Where it ends in the file. */
  readonly end: number;
  readonly isCommit: boolean;
  /** Valid until the next frame is read. */
  readonly payload: Buffer;
}

/** Reads a file of which more is wanted than fits into memory. */
const createWindow = (descriptor: number, size: number) => {
  let buffer = Buffer.alloc(1 << 20);
  let from = 0;
  let filled = 0;
  return (offset: number, length: number): Buffer | undefined => {
    if (offset + length > size) return undefined;
    if (offset < from || offset + length > from + filled) {
      if (length > buffer.length) buffer = Buffer.alloc(length * 2);
      from = offset;
      filled = 0;
      while (filled < length) {
        const count = readSync(descriptor, buffer, filled, buffer.length - filled, from + filled);
        if (count === 0) return undefined;
        filled += count;
      }
    }
    return buffer.subarray(offset - from, offset - from + length);
  };
};

/** Frames in order, up to the end or to the first that is not whole. */
export function* readFrames(descriptor: number, size: number): Generator<Frame> {
  const read = createWindow(descriptor, size);
  for (let at = headerBytes; ; ) {
    const head = read(at, frameBytes);
    if (head === undefined) return;
    const length = head.readUInt32LE(0);
    const checksum = head.readUInt32LE(4);
    const payload = read(at + frameBytes, length);
    if (payload === undefined || crc32(payload) !== checksum) return;
    at += frameBytes + length;
    yield { end: at, isCommit: payload.equals(mark), payload };
  }
}

/** How many commits lie in the file from `offset` on, whatever is between them. */
export const countCommits = (descriptor: number, offset: number, size: number): number => {
  const chunk = Buffer.alloc(1 << 20);
  let commits = 0;
  for (let at = offset; at + commitFrame.length <= size; at += chunk.length - commitFrame.length + 1) {
    const part = chunk.subarray(0, readSync(descriptor, chunk, 0, chunk.length, at));
    for (let i = part.indexOf(commitFrame); i >= 0; i = part.indexOf(commitFrame, i + 1)) commits++;
  }
  return commits;
};

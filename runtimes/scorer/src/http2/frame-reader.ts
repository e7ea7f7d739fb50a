import { ConnectionError, errorCode, type Frame, headLength, leastMaxFrame } from './frames.ts';

/** What every client says first. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Cuts the bytes of a connection into frames; payloads are views of what arrived.
 *
 * @returns takes the next bytes; throws ConnectionError where they are no HTTP/2, and whatever `take` throws
 */
export const createFrameReader = (take: (frame: Frame) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer | undefined;
  let isGreeted = false;

  /** The place behind the preface, or 0 where it is not whole yet. */
  const greet = (bytes: Buffer): number => {
    const length = Math.min(bytes.length, preface.length);
    if (bytes.compare(preface, 0, length, 0, length) !== 0)
      throw new ConnectionError(errorCode.protocol, 'the connection does not begin with the preface of HTTP/2');
    isGreeted = length === preface.length;
    return isGreeted ? length : 0;
  };
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    rest = bytes;
    let at = isGreeted ? 0 : greet(bytes);
    while (isGreeted && bytes.length - at >= headLength) {
      const length = bytes.readUIntBE(at, 3);
      if (length > leastMaxFrame) throw new ConnectionError(errorCode.frameSize, `a frame has ${length} bytes`);
      const from = at + headLength;
      if (bytes.length - from < length) break;
      take({
        type: bytes[at + 3] ?? 0,
        flags: bytes[at + 4] ?? 0,
        stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
        payload: bytes.subarray(from, from + length),
      });
      at = from + length;
    }
    rest = at === bytes.length ? undefined : bytes.subarray(at);
  };
};

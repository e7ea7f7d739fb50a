import { ConnectionError, errorCode, type Frame, flag, frameType, StreamError } from './frames.ts';
import { createHeaderDecoder, type Field } from './hpack.ts';
import { type RequestHeaders, requestHeadersOf } from './request-headers.ts';

/** Frames that a block may come in: what is larger comes in few, what comes in many wants to keep us busy. */
const maxFrames = 32;

/** What a frame is padded with, taken away. @throws ConnectionError where there is more padding than frame */
export const withoutPadding = ({ flags, payload }: Frame): Buffer => {
  if ((flags & flag.padded) === 0) return payload;
  const padding = payload[0] ?? payload.length;
  if (padding >= payload.length) throw new ConnectionError(errorCode.protocol, 'a frame is shorter than its padding');
  return payload.subarray(1, payload.length - padding);
};

/** @throws StreamError for one that depends on itself */
export const checkPriority = (stream: number, payload: Buffer): void => {
  if ((payload.readUInt32BE(0) & 0x7fffffff) === stream) throw new StreamError(stream, errorCode.protocol);
};

export interface HeaderBlock {
  readonly stream: number;
  readonly bytes: Buffer;
  /** No body follows. */
  readonly isLast: boolean;
}

/** The blocks of headers of a connection. All methods throw ConnectionError or StreamError. */
export interface HeaderBlocks {
  /** Whether a block has begun and has not ended: nothing else may come meanwhile. */
  isOpen(): boolean;
  /** Takes a frame of headers, or one that goes on with it; the block, when it is whole. */
  take(frame: Frame): HeaderBlock | undefined;
  /** Every block must be decoded, whatever becomes of it: later ones refer to it. */
  decode(bytes: Buffer): readonly Field[];
  /** The headers of a request; for a block that is equal to the one before, at once. */
  requestOf(block: HeaderBlock): RequestHeaders;
}

export const createHeaderBlocks = (maxBytes: number): HeaderBlocks => {
  const decoder = createHeaderDecoder(maxBytes);
  let open: { stream: number; isLast: boolean; parts: Buffer[]; length: number } | undefined;
  /** The request before, whose block neither changed the table nor came before a change. */
  let before: { bytes: Buffer; headers: RequestHeaders; changes: number } | undefined;

  const begin = (frame: Frame): void => {
    const { stream, flags } = frame;
    if (stream % 2 === 0) throw new ConnectionError(errorCode.protocol, `a client opens stream ${stream}`);
    let bytes = withoutPadding(frame);
    if ((flags & flag.priority) !== 0) {
      if (bytes.length < 5) throw new ConnectionError(errorCode.frameSize, 'headers are shorter than their priority');
      checkPriority(stream, bytes);
      bytes = bytes.subarray(5);
    }
    open = { stream, isLast: (flags & flag.endStream) !== 0, parts: [bytes], length: bytes.length };
  };
  const goOn = ({ stream, payload }: Frame): void => {
    if (open === undefined || open.stream !== stream)
      throw new ConnectionError(errorCode.protocol, 'headers go on that had not begun');
    open.parts.push(payload);
    open.length += payload.length;
    if (open.length > maxBytes || open.parts.length > maxFrames)
      throw new ConnectionError(errorCode.enhanceYourCalm, 'headers are too large');
  };
  return {
    isOpen: () => open !== undefined,
    take: (frame) => {
      if (frame.type === frameType.headers) begin(frame);
      else goOn(frame);
      if (open === undefined || (frame.flags & flag.endHeaders) === 0) return undefined;
      const { stream, isLast, parts } = open;
      open = undefined;
      return { stream, isLast, bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts) };
    },
    decode: (bytes) => decoder.decode(bytes),
    requestOf: ({ stream, bytes }) => {
      const changes = decoder.changes();
      if (before?.changes === changes && before.bytes.equals(bytes)) return before.headers;
      const headers = requestHeadersOf(stream, decoder.decode(bytes));
      // A copy: what arrived is part of a larger piece of memory.
      before = decoder.changes() === changes ? { bytes: Buffer.from(bytes), headers, changes } : undefined;
      return headers;
    },
  };
};

/** Types of frames (RFC 9113, section 6). */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** Why a stream or a connection ended (RFC 9113, section 7). */
export const errorCode = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];

/** Ids of settings (RFC 9113, section 6.5.2). */
export const setting = {
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** Bytes that stand before every frame's payload. */
export const headLength = 9;
/** Bytes of a payload, at most: what both sides may send without having agreed on more. */
export const leastMaxFrame = 16_384;
/** What a window may have at most, bytes. */
export const largestWindow = 2 ** 31 - 1;
/** What a window has before anybody has said otherwise, bytes. */
export const firstWindow = 65_535;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export type FrameHead = Omit<Frame, 'payload'> & { readonly length: number };

/** Writes what stands before a payload. @returns the place behind it */
export const putHead = (to: Buffer, at: number, { length, type, flags, stream }: FrameHead): number => {
  to.writeUIntBE(length, at, 3);
  to[at + 3] = type;
  to[at + 4] = flags;
  to.writeUInt32BE(stream, at + 5);
  return at + headLength;
};

const nothing = Buffer.alloc(0);

export const frameOf = (head: Omit<FrameHead, 'length'>, payload: Buffer = nothing): Buffer => {
  const frame = Buffer.allocUnsafe(headLength + payload.length);
  payload.copy(frame, putHead(frame, 0, { ...head, length: payload.length }));
  return frame;
};

/** 32-bit numbers, one after another. */
export const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};

/** The whole connection ends: its two sides no longer agree on what was said. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** One stream ends, the others go on. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly stream: number;
  readonly code: ErrorCode;
  constructor(stream: number, code: ErrorCode) {
    super(`stream ${stream} ends with error ${code}`);
    this.stream = stream;
    this.code = code;
  }
}

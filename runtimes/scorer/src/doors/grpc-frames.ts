import { invalid, ProtocolError } from '../oip/status.ts';

/** Before each message: a flag for compression, and the length in four bytes. */
export const prefixLength = 5;

/** A message with what goes before it. */
export const frameOf = (message: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(prefixLength + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixLength);
  return frame;
};

export interface Frame {
  readonly message: Buffer;
  readonly isCompressed: boolean;
}

export interface Frames {
  readonly whole: readonly Frame[];
  /** Of the next one. */
  readonly rest: Buffer;
}

/** Messages out of the bytes of a stream. @throws ProtocolError for a flag that there is not, or a message over `maxBytes` */
export const framesOf = (bytes: Buffer, maxBytes: number): Frames => {
  const whole: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= prefixLength) {
    const flag = bytes[at] ?? 0;
    const length = bytes.readUInt32BE(at + 1);
    if (flag > 1)
      throw new ProtocolError('Internal', `Cannot read the request: its message begins with ${flag}, 0 or 1 is needed`);
    if (length > maxBytes)
      throw new ProtocolError(
        'TooLarge',
        `Cannot take the request: its message has ${length} bytes, at most ${maxBytes} are taken`,
      );
    if (bytes.length - at - prefixLength < length) break;
    const from = at + prefixLength;
    whole.push({ message: bytes.subarray(from, from + length), isCompressed: flag === 1 });
    at = from + length;
  }
  return { whole, rest: bytes.subarray(at) };
};

/** The one message of a unary call. */
export const onlyFrame = (bytes: Buffer, maxBytes: number): Frame => {
  const { whole, rest } = framesOf(bytes, maxBytes);
  const [frame] = whole;
  if (frame !== undefined && whole.length === 1 && rest.length === 0) return frame;
  if (frame === undefined) throw invalid('Cannot read the request: its message is not whole');
  throw new ProtocolError(
    'Unimplemented',
    'Cannot read the request: there is more than one message, the method takes one',
  );
};

const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** ms of a `grpc-timeout`; undefined where there is none. @throws ProtocolError */
export const timeoutOf = (header: string | readonly string[] | undefined): number | undefined => {
  if (header === undefined) return undefined;
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  const factor = units[unit ?? ''];
  if (factor === undefined)
    throw invalid(`Cannot read the request: grpc-timeout is ${JSON.stringify(header)}, one as 250m is needed`);
  return Number(digits) * factor;
};

/** Writes numbers and texts closely packed. Equal texts are written once. */
export interface ByteWriter {
  /** Any double; whole numbers from 0 on take the fewest bytes. */
  number(value: number): void;
  text(value: string): void;
  /** A text that hardly comes again, so that it is not looked for. */
  ownText(value: string): void;
  bytes(): Uint8Array;
}

/** Reads what a ByteWriter wrote, in the same order. @throws RangeError behind the end */
export interface ByteReader {
  number(): number;
  text(): string;
  ownText(): string;
  /** Everything was read. */
  ended(): boolean;
}

const largestWhole = 2 ** 48;
/** The length of a text, twice, is one byte. */
const shortText = 48;
const isPlainText = (bytes: Uint8Array, from: number, until: number): boolean => {
  for (let at = from; at < until; at++) if (bytes[at]! >= 128) return false;
  return true;
};
/** Four at a time: from an array of all of them takes twice as long. */
const plainText = (bytes: Uint8Array, from: number, until: number): string => {
  let [text, at] = ['', from];
  for (; at < until - 3; at += 4)
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  for (; at < until; at++) text += String.fromCharCode(bytes[at]!);
  return text;
};

const isPlain = (value: number): boolean =>
  value >= 0 && value < largestWhole && Number.isInteger(value) && !Object.is(value, -0);

export const createByteWriter = (): ByteWriter => {
  const encoder = new TextEncoder();
  const known = new Map<string, number>();
  let buffer = new Uint8Array(4096);
  let view = new DataView(buffer.buffer);
  let length = 0;

  const makeRoom = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
    view = new DataView(buffer.buffer);
  };
  const whole = (value: number): void => {
    makeRoom(8);
    let left = value;
    while (left >= 128) {
      buffer[length++] = (left % 128) + 128;
      left = Math.floor(left / 128);
    }
    buffer[length++] = left;
  };
  /** Most keys are short and plain: that is several times as fast as an encoder. */
  const encodeShort = (value: string): boolean => {
    const { length: size } = value;
    if (size > shortText) return false;
    makeRoom(size + 1);
    for (let i = 0; i < size; i++) {
      const code = value.charCodeAt(i);
      if (code >= 128) return false;
      buffer[length + 1 + i] = code;
    }
    buffer[length] = size * 2;
    length += size + 1;
    return true;
  };
  /** A lone surrogate has no UTF-8; such texts go as UTF-16, so that two of them stay two. */
  const encode = (value: string): void => {
    if (encodeShort(value)) return;
    if (value.isWellFormed()) {
      makeRoom(value.length * 3 + 8);
      const bytes = encoder.encode(value);
      whole(bytes.length * 2);
      makeRoom(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
      return;
    }
    whole(value.length * 2 + 1);
    for (let i = 0; i < value.length; i++) whole(value.charCodeAt(i));
  };
  return {
    number: (value) => {
      if (isPlain(value)) return whole(value + 1);
      makeRoom(9);
      buffer[length] = 0;
      view.setFloat64(length + 1, value);
      length += 9;
    },
    text: (value) => {
      const at = known.get(value);
      if (at !== undefined) return whole(at + 1);
      known.set(value, known.size);
      whole(0);
      encode(value);
    },
    ownText: encode,
    bytes: () => buffer.slice(0, length),
  };
};

export const createByteReader = (bytes: Uint8Array): ByteReader => {
  // A byte order mark at the start of a text is part of it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known: string[] = [];
  let at = 0;

  const whole = (): number => {
    let [value, unit] = [0, 1];
    for (;;) {
      const byte = view.getUint8(at++);
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
      unit *= 128;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length)
      throw new RangeError(`Cannot read ${length} bytes: ${bytes.length - at} are left, the snapshot is cut short`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const decode = (): string => {
    const head = whole();
    const end = at + head / 2;
    if (head % 2 === 0 && head <= shortText * 2 && end <= bytes.length && isPlainText(bytes, at, end)) {
      const text = plainText(bytes, at, end);
      at = end;
      return text;
    }
    if (head % 2 === 0) return decoder.decode(take(head / 2));
    let text = '';
    for (let i = (head - 1) / 2; i > 0; i--) text += String.fromCharCode(whole());
    return text;
  };
  return {
    number: () => {
      const head = whole();
      if (head > 0) return head - 1;
      at += 8;
      return view.getFloat64(at - 8);
    },
    text: () => {
      const place = whole();
      if (place === 0) {
        const text = decode();
        known.push(text);
        return text;
      }
      const text = known[place - 1];
      if (text === undefined) throw new RangeError('Cannot read a text: it refers to none, the snapshot is corrupt');
      return text;
    },
    ownText: decode,
    ended: () => at === bytes.length,
  };
};

/** Reads what Kafka's records are made of, from one place on. Numbers are exact up to 2^53. */
export interface VarintReader {
  /** A zigzag varint. */
  int(): number;
  skip(bytes: number): void;
  /** So many bytes, which stay where they are; null for a negative length. */
  bytes(length: number): Buffer | null;
  text(length: number): string;
}

export const createVarintReader = (buffer: Buffer, from: number): VarintReader => {
  let at = from;
  const whole = (): number => {
    let byte = buffer[at++]!;
    // Most take one byte or two.
    if (byte < 128) return byte;
    let [value, unit] = [byte - 128, 128];
    for (;;) {
      byte = buffer[at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
      unit *= 128;
    }
  };
  const take = (length: number): number => {
    if (at + length > buffer.length)
      throw new RangeError(`Cannot read ${length} bytes of a batch: ${buffer.length - at} are left, it is corrupt`);
    at += length;
    return at - length;
  };
  return {
    int: () => {
      const value = whole();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    skip: (bytes) => {
      take(bytes);
    },
    bytes: (length) => {
      if (length < 0) return null;
      const start = take(length);
      return buffer.subarray(start, start + length);
    },
    text: (length) => {
      const start = take(length);
      return buffer.toString('utf8', start, start + length);
    },
  };
};

/** The bytes are no message of the wire format. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Wire types (protobuf.dev/programming-guides/encoding). */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads the wire format of Protocol Buffers out of untrusted bytes, field by field and without copies.
 * Every method throws MalformedMessageError where the bytes end early or are none of the format.
 */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  /** Of the field whose tag was read last. */
  field = 0;
  wireType = 0;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    return this.#view;
  }

  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.uint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new MalformedMessageError('a field has the number 0');
    return true;
  }

  /** The low 32 bits of a varint; those of tags, lengths and int32. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) throw new MalformedMessageError('it ends within a number');
      const byte = this.bytes[this.at++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedMessageError('a number has more than ten bytes');
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** All 64 bits of a varint, without sign. */
  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= this.end) throw new MalformedMessageError('it ends within a number');
      const byte = this.bytes[this.at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessageError('a number has more than ten bytes');
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  /** A 64-bit varint as a double; exact up to 2^53. Most are of one byte, and need no BigInt. */
  int64AsNumber(): number {
    const first = this.at < this.end ? (this.bytes[this.at] ?? 0) : 0x80;
    if (first < 0x80) {
      this.at++;
      return first;
    }
    return Number(this.int64());
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  float(): number {
    const value = this.view.getFloat32(this.#take(4), true);
    return value;
  }

  double(): number {
    return this.view.getFloat64(this.#take(8), true);
  }

  /** The range of a length-delimited field. */
  range(): Reader {
    const length = this.uint32();
    const from = this.#take(length);
    return new Reader(this.bytes, from, from + length);
  }

  /** A view of the bytes, not a copy. */
  raw(): Uint8Array {
    const length = this.uint32();
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  string(): string {
    try {
      return utf8.decode(this.raw());
    } catch (error) {
      if (error instanceof MalformedMessageError) throw error;
      throw new MalformedMessageError('a text is not UTF-8');
    }
  }

  /** Throws unless the field is of the wire type that it is declared with. */
  expect(wireType: number): void {
    if (this.wireType !== wireType)
      throw new MalformedMessageError(`field ${this.field} has wire type ${this.wireType}, ${wireType} is needed`);
  }

  /** Passes over a field that nobody asked for. */
  skip(): void {
    if (this.wireType === wire.varint) this.uint32();
    else if (this.wireType === wire.fixed64) this.#take(8);
    else if (this.wireType === wire.bytes) this.#take(this.uint32());
    else if (this.wireType === wire.fixed32) this.#take(4);
    else throw new MalformedMessageError(`field ${this.field} has the unknown wire type ${this.wireType}`);
  }

  #take(length: number): number {
    const from = this.at;
    if (length > this.end - from) throw new MalformedMessageError('it ends within a field');
    this.at = from + length;
    return from;
  }
}

import { wire } from './reader.ts';

const encoder = new TextEncoder();

/**
 * Writes the wire format of Protocol Buffers into one buffer that grows. What is empty or zero is written as well: whoever
 * writes a message leaves out what is not there.
 */
export class Writer {
  #bytes: Uint8Array;
  #at = 0;

  /** @param room  bytes that will probably do */
  constructor(room = 256) {
    this.#bytes = new Uint8Array(room);
  }

  /** A view of what was written. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  tag(field: number, wireType: number): this {
    return this.varint(field * 8 + wireType);
  }

  /** Of a whole number from 0 to 2^53. */
  varint(value: number): this {
    this.#reserve(10);
    let left = value;
    while (left >= 0x80) {
      this.#bytes[this.#at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.#bytes[this.#at++] = left;
    return this;
  }

  /** Of 64 bits in two's complement, as int64 and int32 have it. */
  signed(value: bigint): this {
    this.#reserve(10);
    let left = BigInt.asUintN(64, value);
    while (left >= 0x80n) {
      this.#bytes[this.#at++] = Number(left & 0x7fn) | 0x80;
      left >>= 7n;
    }
    this.#bytes[this.#at++] = Number(left);
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.tag(field, wire.varint).varint(value ? 1 : 0);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, wire.bytes).varint(value.length).verbatim(value);
  }

  /** Short ASCII texts, as names are, are written without a detour. */
  string(field: number, value: string): this {
    if (value.length >= 128) return this.bytes(field, encoder.encode(value));
    this.tag(field, wire.bytes).#reserve(1 + 3 * value.length);
    const start = this.#at++;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) {
        this.#at = start;
        const encoded = encoder.encode(value);
        return this.varint(encoded.length).verbatim(encoded);
      }
      this.#bytes[this.#at++] = unit;
    }
    this.#bytes[start] = value.length;
    return this;
  }

  message(field: number, write: (inner: Writer) => void): this {
    const inner = new Writer(64);
    write(inner);
    return this.bytes(field, inner.finish());
  }

  /** Bytes that are fields already. */
  verbatim(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

import { asciiText } from './ascii.ts';
import { type Fields, fieldAt, fieldsOf, hashStep } from './fields.ts';
import { closeBrace, colon, comma, isPlain, isPlainAscii, openBrace, quote, skipSpace, skipValue } from './skip.ts';

const decoder = new TextDecoder();
const powersOf10 = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * Reads some fields out of JSON in UTF-8, without making the others. What it reads is what `JSON.parse` would give for
 * them; the rest is validated as it is stepped over.
 */
export class JsonScanner {
  readonly #fields: Fields;
  /** Of the value that was read last. */
  #value: unknown;

  /** @param paths as of `fieldsOf` */
  constructor(paths: readonly (readonly string[])[]) {
    this.#fields = fieldsOf(paths);
  }

  /**
   * The object with the wanted fields; absent ones are `undefined`. The same object at every call. `undefined` where the
   * bytes are no JSON object, or an unusual one: then `JSON.parse` has to say.
   */
  scan(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
    if (bytes[0] !== openBrace) return undefined;
    const end = this.#readMembers(this.#fields, bytes, 1);
    return end >= 0 && skipSpace(bytes, end) === bytes.length ? this.#fields.target : undefined;
  }

  #readMembers(fields: Fields, bytes: Uint8Array, from: number): number {
    for (const name of fields.names) fields.target[name] = undefined;
    let i = skipSpace(bytes, from);
    if (bytes[i] === closeBrace) return i + 1;
    for (;;) {
      i = this.#readMember(fields, bytes, i);
      if (i < 0) return -1;
      i = skipSpace(bytes, i);
      if (bytes[i] === closeBrace) return i + 1;
      if (bytes[i] !== comma) return -1;
      i = skipSpace(bytes, i + 1);
    }
  }

  /** Of several members of one name the last counts, as for JSON.parse. */
  #readMember(fields: Fields, bytes: Uint8Array, from: number): number {
    if (bytes[from] !== quote) return -1;
    let [i, hash] = [from + 1, 0];
    for (let byte = bytes[i]!; isPlain[byte] === 1; byte = bytes[++i]!) hash = hashStep(hash, byte);
    // A name with an escape may be any name.
    if (bytes[i] !== quote) return -1;
    const field = fieldAt(fields, bytes, hash, from + 1, i);
    i = skipSpace(bytes, i + 1);
    if (bytes[i] !== colon) return -1;
    i = skipSpace(bytes, i + 1);
    if (field === undefined) return skipValue(bytes, i);
    if (field.inner !== undefined && bytes[i] === openBrace) {
      fields.target[field.name] = field.inner.target;
      return this.#readMembers(field.inner, bytes, i + 1);
    }
    i = this.#readValue(bytes, i);
    fields.target[field.name] = this.#value;
    return i;
  }

  #readValue(bytes: Uint8Array, from: number): number {
    const byte = bytes[from]!;
    if (byte === quote) return this.#readString(bytes, from);
    return (byte >= 48 && byte <= 57) || byte === 45 ? this.#readNumber(bytes, from) : this.#parse(bytes, from);
  }

  #readString(bytes: Uint8Array, from: number): number {
    let i = from + 1;
    while (isPlainAscii[bytes[i]!] === 1) i++;
    if (bytes[i] !== quote) return this.#parse(bytes, from);
    this.#value = asciiText(bytes, from + 1, i);
    return i + 1;
  }

  /** Up to 15 digits without an exponent: both parts of the fraction are then exact doubles, and it is rounded once. */
  #readNumber(bytes: Uint8Array, from: number): number {
    const isNegative = bytes[from] === 45;
    const start = isNegative ? from + 1 : from;
    let [i, digits] = [start, 0];
    for (let byte = bytes[i]!; byte >= 48 && byte <= 57; byte = bytes[++i]!) digits = digits * 10 + byte - 48;
    if (i === start || (bytes[start] === 48 && i > start + 1)) return -1;
    let decimals = 0;
    if (bytes[i] === 46) {
      const point = i++;
      for (let byte = bytes[i]!; byte >= 48 && byte <= 57; byte = bytes[++i]!) digits = digits * 10 + byte - 48;
      decimals = i - point - 1;
      if (decimals === 0) return -1;
    }
    if (i - start > 15 || bytes[i] === 101 || bytes[i] === 69) return this.#parse(bytes, from);
    const magnitude = decimals === 0 ? digits : digits / powersOf10[decimals]!;
    this.#value = isNegative ? -magnitude : magnitude;
    return i;
  }

  /** Whatever comes seldom. */
  #parse(bytes: Uint8Array, from: number): number {
    const end = skipValue(bytes, from);
    if (end < 0) return -1;
    this.#value = JSON.parse(decoder.decode(bytes.subarray(from, end)));
    return end;
  }
}

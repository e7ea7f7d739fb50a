import { ConnectionError, errorCode } from './frames.ts';
import { decodeHuffman } from './huffman.ts';

/** RFC 7541, appendix A. */
const staticTable: readonly (readonly [name: string, value: string])[] = `:authority
:method=GET
:method=POST
:path=/
:path=/index.html
:scheme=http
:scheme=https
:status=200
:status=204
:status=206
:status=304
:status=400
:status=404
:status=500
accept-charset
accept-encoding=gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`
  .split('\n')
  .map((line) => {
    const [name = '', value = ''] = line.split('=');
    return [name, value];
  });

/** Bytes that a field counts for beside its own (RFC 7541, section 4.1). */
const overhead = 32;
/** Bytes that both sides keep of what was sent before; what clients assume where nobody says otherwise. */
const tableSize = 4096;

export type Field = readonly [name: string, value: string];

export interface HeaderDecoder {
  /** @throws ConnectionError where it is no block of headers, or has more than `maxListSize` bytes */
  decode(block: Buffer): readonly Field[];
  /** Changes of the table so far: while there are none, equal blocks say the same. */
  changes(): number;
}

const broken = (what: string): ConnectionError =>
  new ConnectionError(errorCode.compression, `a block of headers ${what}`);

/** Reads the headers of one connection (HPACK, RFC 7541). */
export const createHeaderDecoder = (maxListSize: number): HeaderDecoder => {
  /** The newest first. */
  const table: Field[] = [];
  let [size, limit, changes] = [0, tableSize, 0];
  let block = Buffer.alloc(0);
  let at = 0;

  const evict = (): void => {
    while (size > limit) {
      const [name, value] = table.pop() as Field;
      size -= name.length + value.length + overhead;
    }
  };
  const remember = (field: Field): void => {
    table.unshift(field);
    size += field[0].length + field[1].length + overhead;
    changes++;
    evict();
  };
  const known = (index: number): Field => {
    const field = index <= staticTable.length ? staticTable[index - 1] : table[index - staticTable.length - 1];
    if (field === undefined) throw broken(`names field ${index} of its table, which has none there`);
    return field;
  };
  /** A number that begins in the low bits of a byte (section 5.1). */
  const number = (bits: number): number => {
    const most = (1 << bits) - 1;
    let value = (block[at++] ?? 0) & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (at >= block.length) throw broken('ends within a number');
      const byte = block[at++] ?? 0;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw broken('has a number that is too large');
  };
  const text = (): string => {
    if (at >= block.length) throw broken('ends within a field');
    const isHuffman = ((block[at] ?? 0) & 0x80) !== 0;
    const length = number(7);
    if (length > block.length - at) throw broken('ends within a text');
    const from = at;
    at += length;
    return isHuffman ? decodeHuffman(block.subarray(from, at)) : block.toString('latin1', from, at);
  };
  const literal = (nameBits: number): Field => {
    const index = number(nameBits);
    const name = index === 0 ? text() : known(index)[0];
    return [name, text()];
  };
  const resize = (): void => {
    const next = number(5);
    if (next > tableSize) throw broken(`wants a table of ${next} bytes`);
    limit = next;
    changes++;
    evict();
  };
  /** undefined: it was no field, but about the table. */
  const field = (): Field | undefined => {
    const first = block[at] ?? 0;
    if (first >= 0x80) return known(number(7));
    if (first >= 0x40) {
      const added = literal(6);
      remember(added);
      return added;
    }
    if (first < 0x20) return literal(4);
    resize();
    return undefined;
  };

  return {
    changes: () => changes,
    decode: (bytes) => {
      [block, at] = [bytes as Buffer<ArrayBuffer>, 0];
      const fields: Field[] = [];
      let listSize = 0;
      while (at < block.length) {
        const next = field();
        if (next === undefined) {
          if (fields.length > 0) throw broken('changes the size of its table behind fields');
          continue;
        }
        listSize += next[0].length + next[1].length + overhead;
        if (listSize > maxListSize) throw new ConnectionError(errorCode.enhanceYourCalm, 'headers are too large');
        fields.push(next);
      }
      return fields;
    },
  };
};

const lengthOf = (value: number): readonly number[] => {
  if (value < 0x7f) return [value];
  const bytes = [0x7f];
  let left = value - 0x7f;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return [...bytes, left];
};

/** A block of headers, for any connection and at any time: nothing of it is remembered. Values are latin1. */
export const encodeHeaders = (fields: readonly Field[]): Buffer =>
  Buffer.concat(
    fields.map(([name, value]) =>
      Buffer.concat([
        Buffer.from([0, ...lengthOf(name.length)]),
        Buffer.from(name, 'latin1'),
        Buffer.from(lengthOf(value.length)),
        Buffer.from(value, 'latin1'),
      ]),
    ),
  );

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHeaderDecoder, encodeHeaders } from './hpack.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const decoder = () => createHeaderDecoder(1 << 16);

describe('blocks of headers', () => {
  test('are read as in the examples of RFC 7541, C.4 and C.6: by index, in Huffman’s code, out of a table that grows', () => {
    const requests = decoder();
    const first = [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ];
    expect(requests.decode(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'))).toEqual(first);
    expect(requests.decode(hex('8286 84be 5886 a8eb 1064 9cbf'))).toEqual([...first, ['cache-control', 'no-cache']]);
    expect(requests.decode(hex('8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'))).toEqual([
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/index.html'],
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ]);
    expect(requests.changes()).toBe(3);
  });

  test('that are encoded are decoded to the same', () => {
    const field = fc.tuple(fc.stringMatching(/^[a-z0-9-]{1,200}$/), fc.stringMatching(/^[\x20-\xff]{0,300}$/));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        expect(createHeaderDecoder(1 << 20).decode(encodeHeaders(fields))).toEqual(fields);
      }),
    );
  });

  test('forget the oldest where a client wants a smaller table', () => {
    const small = decoder();
    const added = (name: string) => Buffer.concat([Buffer.from([0x40, 1]), Buffer.from(name), Buffer.from([1, 0x76])]);
    small.decode(Buffer.concat([added('a'), added('b')]));
    // 0x3f 0x03: 34 bytes, which is room for one.
    expect(small.decode(Buffer.concat([hex('3f03'), hex('be')]))).toEqual([['b', 'v']]);
    expect(() => small.decode(hex('bf'))).toThrow('names field 63 of its table, which has none there');
  });

  test.each([
    { what: 'field 0', block: '80', says: 'names field 0' },
    { what: 'a field that there is not', block: 'c6', says: 'names field 70' },
    { what: 'an end within a number', block: 'ff', says: 'ends within a number' },
    { what: 'a number without end', block: 'ffffffffffff', says: 'too large' },
    { what: 'a text that is not there', block: '0085', says: 'ends within a text' },
    { what: 'a field without a value', block: '000161', says: 'ends within a field' },
    { what: 'a larger table than there is', block: '3fe2 1f', says: 'wants a table of 4097 bytes' },
    { what: 'another size of the table behind fields', block: '82 20', says: 'behind fields' },
    { what: 'the end of a text within one', block: '00 84ffffffff 00', says: 'ends before its end' },
    { what: 'more padding than a byte', block: '00 821fff 00', says: 'does not end as it must' },
    { what: 'padding of zeros', block: '00 8118 00', says: 'does not end as it must' },
  ])('with $what are refused', ({ block, says }) => {
    expect(() => decoder().decode(hex(block))).toThrow(says);
  });

  test('that unpack to more than is taken are refused', () => {
    const bomb = decoder();
    const large = Buffer.concat([hex('4001617f a11e'), Buffer.alloc(4000, 0x78)]);
    expect(bomb.decode(large)[0]?.[1]).toHaveLength(4000);
    expect(() => bomb.decode(Buffer.alloc(20, 0xbe))).toThrow('headers are too large');
  });

  test('of any bytes are read or refused as what they are, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decoder().decode(Buffer.from(bytes));
        } catch (error) {
          expect((error as Error).name).toBe('ConnectionError');
        }
      }),
    );
  });
});

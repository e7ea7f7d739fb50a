import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteReader, createByteWriter } from './bytes.ts';

const number = fc.oneof(
  fc.double(),
  fc.nat(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 127, 128, 2 ** 48 - 1, 2 ** 48, -1, Infinity, -Infinity, Number.NaN),
);
// Any UTF-16, lone surrogates among it.
const text = fc.oneof(
  fc.constantFrom('', '\u{feff}mark', '\u{d800}', 'ü'),
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
);

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(number, text)), (values) => {
      const to = createByteWriter();
      for (const value of values) typeof value === 'number' ? to.number(value) : to.text(value);
      const from = createByteReader(to.bytes());
      for (const value of values) expect(typeof value === 'number' ? from.number() : from.text()).toBe(value);
      expect(from.ended()).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('small whole numbers take one byte, and equal texts are written once', () => {
  const to = createByteWriter();
  for (let i = 0; i < 100; i++) {
    to.number(i);
    to.text('a text that comes again');
  }
  expect(to.bytes().length).toBeLessThan(100 * 2 + 30);
});

test('reading behind the end is an error', () => {
  const to = createByteWriter();
  to.text('some text');
  expect(() => createByteReader(to.bytes().slice(0, 5)).text()).toThrow('Cannot read 9 bytes: 3 are left');
  expect(() => createByteReader(new Uint8Array([])).number()).toThrow(RangeError);
});

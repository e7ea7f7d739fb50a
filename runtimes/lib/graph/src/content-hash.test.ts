import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';

test.each([
  // Computed by ten lines of Python from the definition.
  { value: 1, hash: 'af63ac4c86019afc' },
  { value: 'foobar', hash: '6477f76a9c2fba7e' },
])('the hash of $value is $hash', ({ value, hash }) => {
  expect(contentHash(value)).toBe(hash);
});

test('the order of members and what is undefined do not count, the order of a list does', () => {
  expect(contentHash({ a: 1, b: { c: 2, d: undefined } })).toBe(contentHash({ b: { c: 2 }, a: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
});

test('values that differ as JSON have different hashes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      if (same) expect(contentHash(a)).toBe(contentHash(b));
      else if (JSON.stringify([a]).length !== JSON.stringify([b]).length)
        expect(contentHash(a)).not.toBe(contentHash(b));
    }),
  );
});

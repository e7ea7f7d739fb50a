import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteReader, createByteWriter } from './bytes.ts';
import { createExactSums } from './exact-sums.ts';
import { exactSumOf } from './testing/exact.ts';

const awkward = fc.oneof(
  fc.double({ min: -1e30, max: 1e30, noNaN: true }),
  fc.constantFrom(0.1, -0.1, 1e16, -1e16, 1, -1, 2 ** 53, -(2 ** 53), 2 ** -60, -(2 ** -60), 1e100, -1e100),
);
const sumsWith = (values: readonly number[]) => {
  const sums = createExactSums();
  sums.reserve(4);
  for (const value of values) sums.add(0, value);
  return sums;
};

describe('exact sums', () => {
  test.each([
    { values: [], sum: 0 },
    { values: [0.1, 0.2, 0.3], sum: 0.6 },
    { values: [1e100, 1, -1e100], sum: 1 },
    { values: [2 ** 53, 1, 1], sum: 2 ** 53 + 2 },
    { values: [1, 2 ** -53, 2 ** -106], sum: 1 + 2 ** -52 },
    { values: [1, 2 ** -53, -(2 ** -106)], sum: 1 },
  ])('the sum of $values is $sum', ({ values, sum }) => {
    expect(sumsWith(values).read(0)).toBe(sum);
  });

  test('a sum is the mathematical one, rounded once', () => {
    fc.assert(
      fc.property(fc.array(awkward, { maxLength: 40 }), (values) => {
        expect(sumsWith(values).read(0)).toBe(exactSumOf(values));
      }),
    );
  });

  test('what is merged in and taken out again leaves no trace', () => {
    fc.assert(
      fc.property(fc.array(awkward), fc.array(awkward), (kept, gone) => {
        const sums = sumsWith(kept);
        for (const value of gone) sums.add(1, value);
        const before = sums.read(0);
        sums.merge(0, 1, 1);
        expect(sums.read(0)).toBe(exactSumOf([...kept, ...gone]));
        sums.merge(0, 1, -1);
        expect(sums.read(0)).toBe(before);
      }),
    );
  });

  test('writing and loading is identity', () => {
    fc.assert(
      fc.property(fc.array(awkward), fc.array(awkward), (before, after) => {
        const sums = sumsWith(before);
        const to = createByteWriter();
        sums.write(0, to);
        sums.load(1, createByteReader(to.bytes()));
        for (const value of after) sums.add(1, value);
        expect(sums.read(1)).toBe(exactSumOf([...before, ...after]));
      }),
    );
  });

  test('a row that was cleared and used again begins at zero', () => {
    const sums = sumsWith([0.1, 1e17]);
    sums.clear(0);
    sums.add(0, 5);
    expect(sums.read(0)).toBe(5);
  });
});

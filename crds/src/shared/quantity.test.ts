import { expect, test } from 'vitest';
import { quantity } from './quantity.ts';

test.each([
  ['0', 0],
  ['1024', 1024],
  ['1k', 1000],
  ['1Ki', 1024],
  ['1.5Gi', 1_610_612_736],
  ['10Gi', 10_737_418_240],
  ['1T', 1_000_000_000_000],
])('a size of %s is %d bytes', (written, bytes) => {
  expect(quantity().parse(written)).toBe(bytes);
});

test.each(['', 'Gi', '1GB', '1gi', '-1Gi', '1 Gi', '1e3', '1.2345Gi'])('%j is no size', (written) => {
  expect(quantity().safeParse(written).success).toBe(false);
});

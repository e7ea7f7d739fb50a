import { expect, test } from 'vitest';
import { fit, formatAge, formatCount, formatInteger } from './format.ts';

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_600_000 * 25, '1d'],
])('an age of %d ms reads %s', (ms, text) => expect(formatAge(ms)).toBe(text));

test.each([
  [7, '7'],
  [1_234, '1.2k'],
  [34_400, '34k'],
  [1_500_000, '1.5M'],
])('a count of %d reads %s', (count, text) => expect(formatCount(count)).toBe(text));

test('an integer has its thousands apart', () => expect(formatInteger(1_234_567)).toBe('1,234,567'));

test.each([
  ['short', 8, 'short   '],
  ['rather too long', 8, 'rather …'],
  ['two\nlines', 10, 'two lines '],
])('%j fits %d columns as %j', (text, width, fitted) => expect(fit(text, width)).toBe(fitted));

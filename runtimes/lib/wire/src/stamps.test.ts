import { expect, test } from 'vitest';
import { stampsHeader, stampsOf, stampsText } from './stamps.ts';

test.each([1_000, undefined])('stamps come back as they were, caused by an event (%s) or by time', (ingest) => {
  const stamps = { ingest, features: 1_003, score: 1_004 };
  expect(stampsOf({ [stampsHeader]: stampsText(stamps) })).toEqual(stamps);
});

test('a record without them, or with something else there, has none', () => {
  expect(stampsOf({})).toBeUndefined();
  expect(stampsOf({ [stampsHeader]: 'soon' })).toBeUndefined();
});

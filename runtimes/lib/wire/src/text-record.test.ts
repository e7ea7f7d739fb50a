import { expect, test } from 'vitest';
import { contentOf, TextRecord } from './text-record.ts';

const content = { score: 0.5, vector: [1, null] };
const record = new TextRecord(content, { key: 'p1', text: JSON.stringify(content), timestamp: 7 });

test('a reader in the same process is handed what was sent', () => {
  expect(contentOf(record)).toBe(content);
});

test('a reader elsewhere decodes an equal value from the bytes', () => {
  expect(contentOf({ value: record.value })).toEqual(content);
});

test('a record without a value carries nothing', () => {
  expect(contentOf({ value: null })).toBeUndefined();
});

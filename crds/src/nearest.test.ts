import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const fields = ['aggregations', 'count', 'emit', 'key', 'sum', 'watermark', 'window'];

test.each([
  ['agregations', 'aggregations'],
  ['aggregation', 'aggregations'],
  ['cuont', 'count'],
  ['Window', 'window'],
  ['keys', 'key'],
  ['waterMark', 'watermark'],
  ['sums', 'sum'],
])('%j is meant to be %j', (written, meant) => {
  expect(nearest(written, fields)).toBe(meant);
});

test.each(['x', 'colour', 'sinks', 'kay2', ''])('%j is like none of them', (written) => {
  expect(nearest(written, fields)).toBeUndefined();
});

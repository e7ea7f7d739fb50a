import { expect, test } from 'vitest';
import { heatmapOf } from './heatmap.ts';

const row = (end: number, values: object | null, key: readonly string[] = []): string =>
  JSON.stringify({ window: 'engagement', key, start: end - 10, end, values });

test('cells come in order of time with their numbers', () => {
  expect(heatmapOf('engagement', [row(20, { events: 3, first: 'x', quiet: null }), row(10, { events: 1 })])).toEqual({
    window: 'engagement',
    cells: [
      { start: 0, end: 10, values: { events: 1 } },
      { start: 10, end: 20, values: { events: 3 } },
    ],
  });
});

test('rows of several keys of one window are added up', () => {
  const cells = heatmapOf('engagement', [
    row(10, { events: 1 }, ['a']),
    row(10, { events: 4, reposts: 2 }, ['b']),
  ]).cells;
  expect(cells).toEqual([{ start: 0, end: 10, values: { events: 5, reposts: 2 } }]);
});

test.each([
  { what: 'an emptied window', text: row(10, null) },
  { what: 'another window', text: row(10, { events: 1 }).replace('engagement', 'other') },
  { what: 'what is no JSON', text: '{' },
  { what: 'what is no window result', text: '{"end":10}' },
])('$what gives no cell', ({ text }) => {
  expect(heatmapOf('engagement', [text]).cells).toEqual([]);
});

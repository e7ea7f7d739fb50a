import type { Heatmap } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { groupRows, groupsOf } from './groups.ts';

const hour = 3_600_000;
const cell = (at: number, groups: NonNullable<Heatmap['cells'][number]['groups']>): Heatmap['cells'][number] => ({
  ...{ start: at * hour, end: (at + 1) * hour, values: {} },
  groups,
});
const heatmap: Heatmap = {
  window: 'engagement',
  cells: [
    cell(70, { tags: { old: 50 } }),
    cell(99, { tags: { cats: 2, dogs: 3 } }),
    cell(100, { tags: { cats: 4 }, languages: { en: 1 } }),
  ],
};

test('groups are named once, in order', () => {
  expect(groupsOf(heatmap)).toEqual(['languages', 'tags']);
});

test('the last 24 hours are shown, the most frequent value first, and what is older is left out', () => {
  const { hours, rows, most } = groupRows(heatmap, 'tags');
  expect([hours.length, hours.at(-1)]).toEqual([24, 100 * hour]);
  expect(rows.map(({ value, total, counts }) => [value, total, counts.slice(-2)])).toEqual([
    ['cats', 6, [2, 4]],
    ['dogs', 3, [3, 0]],
  ]);
  expect(most).toBe(4);
});

test('a pipeline without cells has no rows', () => {
  expect(groupRows({ window: 'w', cells: [] }, 'tags')).toMatchObject({ rows: [], most: 0 });
});

import type { HeatmapCell } from '@groundswell/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heatmapGrid, levels, measuresOf } from './heatmap-grid.ts';

const hourMs = 3_600_000;
const utc = { timeZone: 'UTC' };

const cell = (at: string, events: number, sizeMs = hourMs): HeatmapCell => {
  const start = Date.parse(at);
  return { start, end: start + sizeMs, values: { events } };
};
const grid = (cells: readonly HeatmapCell[], zone = utc) =>
  heatmapGrid({ window: 'engagement', cells: [...cells] }, 'events', zone);

test('a cell lies at its hour and day', () => {
  const { days } = grid([cell('2025-11-26T23:00Z', 4), cell('2025-11-27T05:00Z', 9)]);
  expect(days.at(-1)?.label).toBe('Thu 27 Nov');
  expect(days.at(-1)?.hours[5]).toMatchObject({ value: 9, start: Date.parse('2025-11-27T05:00Z') });
  expect(days.at(-2)?.hours[23]?.value).toBe(4);
});

test('hours and days are those of the reader', () => {
  const { days } = grid([cell('2025-11-26T23:00Z', 4)], { timeZone: 'Europe/Berlin' });
  expect(days.at(-1)?.label).toBe('Thu 27 Nov');
  expect(days.at(-1)?.hours[0]?.value).toBe(4);
});

test('hours of which nothing is known are told from hours without events', () => {
  const [cells] = [grid([cell('2025-11-27T05:00Z', 0)]).days.at(-1)?.hours ?? []];
  expect(cells[5]).toMatchObject({ value: 0, level: 0 });
  expect(cells[6]).toBeUndefined();
});

test('windows shorter than an hour are added up', () => {
  const cells = ['00', '20', '40'].map((minute) => cell(`2025-11-27T05:${minute}Z`, 2, hourMs / 3));
  expect(grid(cells).days.at(-1)?.hours[5]?.value).toBe(6);
});

test('a week is always shown, and two at most', () => {
  expect(grid([cell('2025-11-27T05:00Z', 1)]).days.map((day) => day.key)).toEqual(
    [21, 22, 23, 24, 25, 26, 27].map((date) => `2025-11-${date}`),
  );
  const long = grid([cell('2025-10-01T05:00Z', 99), cell('2025-11-27T05:00Z', 1)]);
  expect(long.days).toHaveLength(14);
  // What is not shown does not pale what is.
  expect(long.most).toBe(1);
});

test('no day is stepped over when the clocks change', () => {
  const { days } = grid([cell('2025-11-03T05:00Z', 1)], { timeZone: 'America/New_York' });
  expect(days.map((day) => day.key)).toEqual(
    ['10-28', '10-29', '10-30', '10-31', '11-01', '11-02', '11-03'].map((date) => `2025-${date}`),
  );
});

test('nothing is level 0, the most is the highest level, and levels rise with values', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 24 }), (values) => {
      const day = Date.parse('2025-11-27T00:00Z');
      const cells = values.map((value, hour) => ({ ...cell('2025-11-27T00:00Z', value), start: day + hour * hourMs }));
      const { days, most } = grid(cells);
      const shown = (days.at(-1)?.hours ?? []).filter((hour) => hour !== undefined);
      expect(shown.reduce((sum, { value }) => sum + value, 0)).toBe(values.reduce((sum, value) => sum + value, 0));
      for (const { value, level } of shown) {
        expect(level === 0).toBe(value === 0);
        if (value > 0 && value === most) expect(level).toBe(levels);
      }
      const byValue = shown.toSorted((a, b) => a.value - b.value).map(({ level }) => level);
      expect(byValue).toEqual(byValue.toSorted((a, b) => a - b));
    }),
  );
});

test('without cells there is no grid', () => {
  expect(grid([])).toEqual({ days: [], most: 0 });
});

test('measures with larger totals come first', () => {
  const cells = [
    { start: 0, end: 1, values: { reposts: 3, events: 5 } },
    { start: 1, end: 2, values: { likes: 20 } },
  ];
  expect(measuresOf({ window: 'engagement', cells })).toEqual(['likes', 'events', 'reposts']);
});

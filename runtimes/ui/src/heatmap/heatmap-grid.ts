import type { Heatmap } from '@groundswell/wire';
import { formatDay, type Zone } from '../format.ts';

export interface GridCell {
  /** Of the hour, ms. */
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** 0 (nothing) to `levels` (the most). */
  readonly level: number;
}

export interface GridDay {
  readonly key: string;
  readonly label: string;
  /** By hour of the day; undefined where nothing is known. */
  readonly hours: readonly (GridCell | undefined)[];
}

export interface HeatmapGrid {
  /** Oldest first. */
  readonly days: readonly GridDay[];
  readonly most: number;
}

export const levels = 8;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Fewer days are filled up, so that the page keeps its height while a week comes together. */
const leastDays = 7;
const mostDays = 14;

/** Names of the values that the cells hold, those with the larger totals first. */
export const measuresOf = ({ cells }: Heatmap): readonly string[] => {
  const totals = new Map<string, number>();
  for (const { values } of cells) {
    for (const [name, value] of Object.entries(values)) totals.set(name, (totals.get(name) ?? 0) + value);
  }
  return [...totals].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
};

/** Engagement is heavy-tailed; by its root the quiet hours differ too, and one burst does not bleach the rest. */
export const levelOf = (value: number, most: number): number =>
  value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(value / most) * levels));

const createCalendar = (zone: Zone) => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  return (at: number): { readonly day: string; readonly hour: number } => {
    const [day = '', hour = '0'] = parts.format(at).split(', ');
    return { day, hour: Number.parseInt(hour, 10) };
  };
};

/** The days to show: those of the cells at least, up to the newest. */
const daysUpTo = (newest: number, oldest: number, zone: Zone): readonly GridDay[] => {
  const calendar = createCalendar(zone);
  const days = new Map<string, GridDay>();
  // Half days: whatever the clocks do, no day is stepped over.
  for (let at = newest; days.size < mostDays && (days.size < leastDays || at >= oldest); at -= dayMs / 2) {
    const { day } = calendar(at);
    if (!days.has(day)) days.set(day, { key: day, label: formatDay(at, zone), hours: [] });
  }
  return [...days.values()].reverse();
};

/** Hours by days in the reader's time zone, of one measure. Windows shorter than an hour are added up. */
export const heatmapGrid = ({ cells }: Heatmap, measure: string, zone: Zone = {}): HeatmapGrid => {
  const newest = cells.at(-1);
  const [oldest] = cells;
  if (newest === undefined || oldest === undefined) return { days: [], most: 0 };
  const calendar = createCalendar(zone);
  const slots = new Map<string, { start: number; value: number }>();
  for (const { start, values } of cells) {
    const { day, hour } = calendar(start);
    const slot = slots.get(`${day} ${hour}`) ?? { start: start - (start % hourMs), value: 0 };
    slot.value += values[measure] ?? 0;
    slots.set(`${day} ${hour}`, slot);
  }
  const days = daysUpTo(newest.start, oldest.start, zone);
  const shown = days.map(({ key }) => Array.from({ length: 24 }, (_, hour) => slots.get(`${key} ${hour}`)));
  const most = Math.max(0, ...shown.flat().map((slot) => slot?.value ?? 0));
  const cellOf = (slot: { start: number; value: number } | undefined): GridCell | undefined =>
    slot && { ...slot, end: slot.start + hourMs, level: levelOf(slot.value, most) };
  return { days: days.map((day, index) => ({ ...day, hours: (shown[index] ?? []).map(cellOf) })), most };
};

import type { Heatmap } from '@groundswell/wire';

const hourMs = 3_600_000;
const hoursShown = 24;
const mostRows = 8;

/** Of one group of values (tags, sources, languages): how often each came, hour by hour. */
export interface GroupRows {
  readonly group: string;
  /** Starts of the hours, ms, oldest first. */
  readonly hours: readonly number[];
  /** The most frequent first. */
  readonly rows: readonly { readonly value: string; readonly counts: readonly number[]; readonly total: number }[];
  readonly most: number;
}

/** Names of the groups in any of the cells. */
export const groupsOf = ({ cells }: Heatmap): readonly string[] =>
  [...new Set(cells.flatMap(({ groups }) => Object.keys(groups ?? {})))].sort();

/** The last 24 hours of a group, up to the newest cell. */
export const groupRows = ({ cells }: Heatmap, group: string): GroupRows => {
  const newest = cells.at(-1)?.start ?? 0;
  const last = newest - (newest % hourMs);
  const hours = Array.from({ length: hoursShown }, (_, i) => last - (hoursShown - 1 - i) * hourMs);
  const byValue = new Map<string, number[]>();
  for (const { start, groups } of cells) {
    const hour = hours.indexOf(start - (start % hourMs));
    if (hour < 0) continue;
    for (const [value, count] of Object.entries(groups?.[group] ?? {})) {
      const counts = byValue.get(value) ?? hours.map(() => 0);
      byValue.set(value, counts);
      counts[hour] = (counts[hour] ?? 0) + count;
    }
  }
  const rows = [...byValue]
    .map(([value, counts]) => ({ value, counts, total: counts.reduce((sum, count) => sum + count, 0) }))
    .sort((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1))
    .slice(0, mostRows);
  return { group, hours, rows, most: Math.max(0, ...rows.flatMap(({ counts }) => counts)) };
};

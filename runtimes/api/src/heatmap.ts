import { type Heatmap, type HeatmapCell, WindowResult } from '@groundswell/wire';

const resultOf = (text: string): WindowResult | undefined => {
  try {
    return WindowResult.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * Window results as cells in order of time. Rows of several keys are added up, so the window should count or sum;
 * a topK becomes a group of its values. Others are left out.
 */
export const heatmapOf = (window: string, members: readonly string[]): Heatmap => {
  const cells = new Map<number, HeatmapCell>();
  for (const text of members) {
    const result = resultOf(text);
    if (result === undefined || result.window !== window || result.values === null) continue;
    const cell = cells.get(result.end) ?? { start: result.start, end: result.end, values: {} };
    cells.set(result.end, cell);
    for (const [name, value] of Object.entries(result.values)) {
      if (typeof value === 'number') cell.values[name] = (cell.values[name] ?? 0) + value;
      else if (Array.isArray(value)) addGroups(cell, name, value);
    }
  }
  return { window, cells: [...cells.values()].sort((a, b) => a.end - b.end) };
};

type Counted = { readonly value: unknown; readonly count: number };

const isCounted = (entry: unknown): entry is Counted => typeof entry === 'object' && entry !== null && 'count' in entry;

const addGroups = (cell: HeatmapCell, name: string, entries: readonly unknown[]): void => {
  const counted = entries.filter(isCounted);
  if (counted.length === 0) return;
  cell.groups ??= {};
  const group = cell.groups[name] ?? {};
  cell.groups[name] = group;
  for (const { value, count } of counted) group[String(value)] = (group[String(value)] ?? 0) + count;
};

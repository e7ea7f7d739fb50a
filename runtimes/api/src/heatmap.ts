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
 * values that are no numbers are left out.
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
    }
  }
  return { window, cells: [...cells.values()].sort((a, b) => a.end - b.end) };
};

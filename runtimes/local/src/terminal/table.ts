import { fit } from './format.ts';
import { type Paint, plain } from './paint.ts';

/** Cells of a table as lines, as wide as they need; the last column takes what is left of `width`. */
export const renderTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width, paint = plain }: { readonly width: number; readonly paint?: Paint },
): readonly string[] => {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const last = Math.max(10, Math.min(widths.at(-1) ?? 0, width - before));
  const lines = all.map((row) =>
    row
      .map((cell, i) => (i === head.length - 1 ? fit(cell, last) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, i) => (i === 0 ? paint('dim', line) : line));
};

import type { Column } from './columns/column.ts';

/** Rows of columns for those who link them by themselves: given out cleared, and used again. */
export interface Rows {
  take(): number;
  give(row: number): void;
  /** Rows are below this number. */
  readonly capacity: () => number;
  readonly live: () => number;
  /** About how many bytes the columns take, and how many of them are in use. */
  readonly bytes: () => number;
  readonly used: () => number;
}

/** @param onGrown to make room for what is kept beside the columns, for rows below `capacity` */
export const createRows = <E>(columns: readonly Column<E>[], onGrown: (capacity: number) => void): Rows => {
  const free: number[] = [];
  let [used, capacity] = [0, 0];
  const perRow = (): number => columns.reduce((sum, { bytesPerRow }) => sum + bytesPerRow, 0);
  const grow = (to: number): void => {
    capacity = to;
    for (const column of columns) column.reserve(to);
    onGrown(to);
  };
  grow(64);
  return {
    take: () => {
      const row = free.pop() ?? used++;
      if (row === capacity) grow(capacity * 2);
      return row;
    },
    give: (row) => {
      for (const column of columns) column.clear(row);
      free.push(row);
    },
    capacity: () => capacity,
    live: () => used - free.length,
    bytes: () => capacity * perRow(),
    used: () => (used - free.length) * perRow(),
  };
};

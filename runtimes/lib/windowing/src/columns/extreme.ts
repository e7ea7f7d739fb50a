import { numberOf, type OfValues } from '../aggregation.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** `min` and `max`. Of nothing the extreme is NaN. */
export const createExtreme = <E>({ kind, of, where }: OfValues<E>): Column<E> => {
  const sign = kind === 'max' ? 1 : -1;
  let extremes = new Float64Array(0);
  const take = (row: number, value: number): void => {
    const before = extremes[row]!;
    if (Number.isNaN(before) || value * sign > before * sign) extremes[row] = value;
  };
  return {
    bytesPerRow: 8,
    reserve: (capacity) => {
      const used = extremes.length;
      extremes = grown(extremes, capacity);
      extremes.fill(Number.NaN, used);
    },
    clear: (row) => {
      extremes[row] = Number.NaN;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const value = numberOf(of(event));
      if (!Number.isNaN(value)) take(row, value);
    },
    enter: (total, row) => {
      const value = extremes[row]!;
      if (!Number.isNaN(value)) take(total, value);
    },
    leave: (total, row) => extremes[row] !== extremes[total],
    read: (row) => (Number.isNaN(extremes[row]!) ? null : extremes[row]!),
    write: (row, to) => to.number(extremes[row]!),
    load: (row, from) => {
      extremes[row] = from.number();
    },
  };
};

import { type Counting, one } from '../aggregation.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

export const createCount = <E>({ where, standsFor = one }: Counting<E>): Column<E> => {
  let counts = new Float64Array(0);
  return {
    bytesPerRow: 8,
    reserve: (capacity) => {
      counts = grown(counts, capacity);
    },
    clear: (row) => {
      counts[row] = 0;
    },
    add: (row, event) => {
      if (where === undefined || where(event)) counts[row]! += standsFor(event);
    },
    enter: (total, row) => {
      counts[total]! += counts[row]!;
    },
    leave: (total, row) => {
      counts[total]! -= counts[row]!;
      return true;
    },
    read: (row) => counts[row]!,
    write: (row, to) => to.number(counts[row]!),
    load: (row, from) => {
      counts[row] = from.number();
    },
  };
};

import { numberOf, type OfValues, one } from '../aggregation.ts';
import { createExactSums } from '../exact-sums.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** `sum` and `avg`. */
export const createSum = <E>({ kind, of, where, standsFor = one }: OfValues<E>): Column<E> => {
  const sums = createExactSums();
  let counts = new Float64Array(0);
  return {
    bytesPerRow: 16,
    reserve: (capacity) => {
      sums.reserve(capacity);
      counts = grown(counts, capacity);
    },
    clear: (row) => {
      sums.clear(row);
      counts[row] = 0;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const value = numberOf(of(event));
      if (Number.isNaN(value)) return;
      const weight = standsFor(event);
      counts[row]! += weight;
      sums.addTimes(row, value, weight);
    },
    enter: (total, row) => {
      counts[total]! += counts[row]!;
      sums.merge(total, row, 1);
    },
    leave: (total, row) => {
      counts[total]! -= counts[row]!;
      sums.merge(total, row, -1);
      return true;
    },
    read: (row) => {
      if (counts[row] === 0) return null;
      return kind === 'avg' ? sums.read(row) / counts[row]! : sums.read(row);
    },
    write: (row, to) => {
      to.number(counts[row]!);
      sums.write(row, to);
    },
    load: (row, from) => {
      counts[row] = from.number();
      sums.load(row, from);
    },
  };
};

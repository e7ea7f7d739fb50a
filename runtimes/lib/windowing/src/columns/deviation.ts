import { numberOf, type OfValues, one } from '../aggregation.ts';
import { addProduct, createExactSums, roundTerms } from '../exact-sums.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** Standard deviation of the population. Squares are summed exactly too, so that nothing cancels where values are large and close. */
export const createDeviation = <E>({ of, where, standsFor = one }: OfValues<E>): Column<E> => {
  const sums = createExactSums();
  const squares = createExactSums();
  let counts = new Float64Array(0);
  return {
    bytesPerRow: 24,
    reserve: (capacity) => {
      sums.reserve(capacity);
      squares.reserve(capacity);
      counts = grown(counts, capacity);
    },
    clear: (row) => {
      sums.clear(row);
      squares.clear(row);
      counts[row] = 0;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const value = numberOf(of(event));
      if (Number.isNaN(value)) return;
      const weight = standsFor(event);
      counts[row]! += weight;
      sums.addTimes(row, value, weight);
      const square: number[] = [];
      addProduct(square, value, value);
      for (const term of square) squares.addTimes(row, term, weight);
    },
    enter: (total, row) => {
      counts[total]! += counts[row]!;
      sums.merge(total, row, 1);
      squares.merge(total, row, 1);
    },
    leave: (total, row) => {
      counts[total]! -= counts[row]!;
      sums.merge(total, row, -1);
      squares.merge(total, row, -1);
      return true;
    },
    read: (row) => (counts[row] === 0 ? null : deviationOf(counts[row]!, sums.terms(row), squares.terms(row))),
    write: (row, to) => {
      to.number(counts[row]!);
      sums.write(row, to);
      squares.write(row, to);
    },
    load: (row, from) => {
      counts[row] = from.number();
      sums.load(row, from);
      squares.load(row, from);
    },
  };
};

/** √((n·Σx² − (Σx)²) / n²), with the difference exact. */
const deviationOf = (count: number, sum: readonly number[], squares: readonly number[]): number => {
  const spread: number[] = [];
  for (const square of squares) addProduct(spread, count, square);
  for (const a of sum) for (const b of sum) addProduct(spread, -a, b);
  return Math.sqrt(Math.max(0, roundTerms(spread)) / (count * count));
};

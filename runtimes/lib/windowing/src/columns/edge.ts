import { type OfValues, type Scalar, scalarOf } from '../aggregation.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';
import { readScalar, writeScalar } from './scalar-codec.ts';

/** `first` and `last`: the value at an edge of the window, by event time. Of nothing the time is NaN. */
export const createEdge = <E>({ kind, of, where }: OfValues<E>): Column<E> => {
  let times = new Float64Array(0);
  const values: (Scalar | undefined)[] = [];
  /** Of equal times the first that came stays first, and the last that came becomes last. */
  const isNearer = (at: number, than: number): boolean => (kind === 'first' ? !(at >= than) : !(at < than));
  const take = (row: number, at: number, value: Scalar | undefined): void => {
    times[row] = at;
    values[row] = value;
  };
  return {
    bytesPerRow: 16,
    reserve: (capacity) => {
      const used = times.length;
      times = grown(times, capacity);
      times.fill(Number.NaN, used);
    },
    clear: (row) => take(row, Number.NaN, undefined),
    add: (row, event, at) => {
      if (where !== undefined && !where(event)) return;
      const value = scalarOf(of(event));
      if (value !== undefined && isNearer(at, times[row]!)) take(row, at, value);
    },
    enter: (total, row) => {
      const at = times[row]!;
      if (!Number.isNaN(at) && isNearer(at, times[total]!)) take(total, at, values[row]);
    },
    leave: (total, row) => times[row] !== times[total],
    read: (row) => values[row] ?? null,
    write: (row, to) => {
      to.number(times[row]!);
      if (!Number.isNaN(times[row]!)) writeScalar(values[row]!, to);
    },
    load: (row, from) => {
      const at = from.number();
      if (!Number.isNaN(at)) take(row, at, readScalar(from));
    },
  };
};

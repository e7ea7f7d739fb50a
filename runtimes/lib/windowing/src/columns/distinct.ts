import { type OfValues, type Scalar, scalarOf } from '../aggregation.ts';
import type { Column } from './column.ts';
import { readScalar, writeScalar } from './scalar-codec.ts';

/** What a row holds: nothing, its only value, or its values; a total: in how many of its panes each value is. */
type Cell = undefined | Scalar | Set<Scalar> | Map<Scalar, number>;

/** `distinct`, exact. Most rows hold one value, so a set is made only for the second. */
export const createDistinct = <E>({ of, where }: OfValues<E>): Column<E> => {
  const cells: Cell[] = [];
  const take = (row: number, value: Scalar): void => {
    const cell = cells[row];
    if (cell === undefined) cells[row] = value;
    else if (cell instanceof Set) cell.add(value);
    else if (cell !== value) cells[row] = new Set([cell as Scalar, value]);
  };
  const panesOf = (total: number): Map<Scalar, number> => {
    const cell = cells[total];
    if (cell instanceof Map) return cell;
    const panes = new Map<Scalar, number>();
    cells[total] = panes;
    return panes;
  };
  const valuesOf = (row: number): Iterable<Scalar> => {
    const cell = cells[row];
    if (cell === undefined) return [];
    return cell instanceof Set ? cell : [cell as Scalar];
  };
  return {
    bytesPerRow: 48,
    reserve: () => undefined,
    clear: (row) => {
      cells[row] = undefined;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const value = scalarOf(of(event));
      if (value !== undefined) take(row, value);
    },
    enter: (total, row) => {
      const panes = panesOf(total);
      for (const value of valuesOf(row)) panes.set(value, (panes.get(value) ?? 0) + 1);
    },
    leave: (total, row) => {
      const panes = panesOf(total);
      for (const value of valuesOf(row)) {
        const left = (panes.get(value) ?? 0) - 1;
        if (left > 0) panes.set(value, left);
        else panes.delete(value);
      }
      return true;
    },
    read: (row) => {
      const cell = cells[row];
      if (cell === undefined) return 0;
      return cell instanceof Set || cell instanceof Map ? cell.size : 1;
    },
    write: (row, to) => {
      const values = [...valuesOf(row)];
      to.number(values.length);
      for (const value of values) writeScalar(value, to);
    },
    load: (row, from) => {
      for (let left = from.number(); left > 0; left--) take(row, readScalar(from));
    },
  };
};

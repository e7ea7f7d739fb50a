import { type Distinct, eachScalar, type Scalar } from '../aggregation.ts';
import type { ByteWriter } from '../bytes.ts';
import type { Column } from './column.ts';
import {
  addTo,
  bitsFor,
  createRegisters,
  estimateOf,
  mergeInto,
  type Registers,
  readRegisters,
  writeRegisters,
} from './hyper-log-log.ts';
import { readScalar, writeScalar } from './scalar-codec.ts';

/**
 * What a row holds: nothing, its only value, or its values; a total: in how many of its panes each value is. Where there
 * are more values than are counted exactly: registers, which estimate how many.
 */
type Cell = undefined | Scalar | Set<Scalar> | Map<Scalar, number> | Registers;

/** `distinct`. Most rows hold one value, so a set is made only for the second. */
export const createDistinct = <E>({
  of,
  where,
  exactUpTo = Infinity,
  error = 0.01,
}: Omit<Distinct<E>, 'kind' | 'name'>): Column<E> => {
  const cells: Cell[] = [];
  const bits = bitsFor(error);

  const estimated = (row: number, values: Iterable<Scalar>): Registers => {
    const registers = createRegisters(bits);
    for (const value of values) addTo(registers, value);
    cells[row] = registers;
    return registers;
  };
  const shrink = (row: number, values: Set<Scalar> | Map<Scalar, number>): void => {
    if (values.size > exactUpTo) estimated(row, values.keys());
  };
  const take = (row: number, value: Scalar): void => {
    const cell = cells[row];
    if (cell instanceof Uint8Array) addTo(cell, value);
    else if (cell instanceof Set) {
      cell.add(value);
      shrink(row, cell);
    } else if (cell === undefined) cells[row] = exactUpTo === 0 ? estimated(row, [value]) : value;
    else if (cell !== value) {
      const both = new Set([cell as Scalar, value]);
      cells[row] = both;
      shrink(row, both);
    }
  };
  const valuesOf = (row: number): Iterable<Scalar> => {
    const cell = cells[row];
    if (cell === undefined) return [];
    return cell instanceof Set || cell instanceof Map ? cell.keys() : [cell as Scalar];
  };
  /** Takes a row into a total that counts exactly, which it may then do no longer. */
  const enterExactly = (total: number, row: number): void => {
    const cell = cells[total];
    // A total that was saved comes back as its values: nothing leaves such a one.
    const panes = cell instanceof Map ? cell : new Map([...valuesOf(total)].map((value) => [value, 1]));
    cells[total] = panes;
    for (const value of valuesOf(row)) panes.set(value, (panes.get(value) ?? 0) + 1);
    shrink(total, panes);
  };
  return {
    bytesPerRow: 48,
    reserve: () => undefined,
    clear: (row) => {
      cells[row] = undefined;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      eachScalar(of(event), (value) => take(row, value));
    },
    enter: (total, row) => {
      const [whole, part] = [cells[total], cells[row]];
      if (part instanceof Uint8Array)
        mergeInto(whole instanceof Uint8Array ? whole : estimated(total, valuesOf(total)), part);
      else if (whole instanceof Uint8Array) for (const value of valuesOf(row)) addTo(whole, value);
      else enterExactly(total, row);
    },
    leave: (total, row) => {
      const panes = cells[total];
      // What is estimated cannot forget: it is made anew, and counts exactly again where little is left.
      if (panes instanceof Uint8Array) return cells[row] === undefined;
      if (!(panes instanceof Map)) return true;
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
      if (cell instanceof Uint8Array) return Math.max(estimateOf(cell), exactUpTo + 1);
      return cell instanceof Set || cell instanceof Map ? cell.size : 1;
    },
    write: (row, to) => writeCell(cells[row], to),
    load: (row, from) => {
      const count = from.number();
      if (count === 0 && from.number() === 1) cells[row] = readRegisters(bits, from);
      for (let left = count; left > 0; left--) take(row, readScalar(from));
    },
  };
};

/** How many values and the values; for none, whether registers follow. A total is written as its values. */
const writeCell = (cell: Cell, to: ByteWriter): void => {
  if (cell instanceof Uint8Array) {
    to.number(0);
    to.number(1);
    writeRegisters(cell, to);
    return;
  }
  const values = cell === undefined ? [] : valuesOf(cell);
  to.number(values.length);
  if (values.length === 0) to.number(0);
  for (const value of values) writeScalar(value, to);
};

const valuesOf = (cell: Exclude<Cell, undefined | Registers>): readonly Scalar[] =>
  cell instanceof Set || cell instanceof Map ? [...cell.keys()] : [cell];

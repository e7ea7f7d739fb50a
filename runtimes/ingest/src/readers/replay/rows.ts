import { Misfit } from '../../mapping/misfit.ts';
import type { Row } from '../../mapping/row.ts';
import { splitCsv } from './csv.ts';
import type { Rec } from './records.ts';

/** Makes a row of a record. */
export type ReadRow = (record: Rec) => Row | Misfit;

/**
 * @param header  Names of the columns
 * @param needed  Only these are taken over; undefined: all
 */
export const csvRows = (header: readonly string[], needed: ReadonlySet<string> | undefined): ReadRow => {
  const taken = header
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => needed === undefined || needed.has(name));
  return ({ text }) => {
    const cells = splitCsv(text);
    if (cells instanceof Misfit) return cells;
    if (cells.length !== header.length) {
      return new Misfit(`it has ${cells.length} columns, the header has ${header.length}`);
    }
    const row: Record<string, unknown> = {};
    for (const { name, index } of taken) row[name] = cells[index] === '' ? undefined : cells[index];
    return row;
  };
};

export const jsonRow: ReadRow = ({ text, cut }) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = cut ? 'the file ends within it' : (error as Error).message;
    return new Misfit(`it is not JSON (${why})`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  return new Misfit('it is JSON but no object');
};

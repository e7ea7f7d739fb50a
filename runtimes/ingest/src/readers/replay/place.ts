import { Misfit } from '../../mapping/misfit.ts';
import type { MappedFile } from './mapped-file.ts';
import type { Placed, PlacedRows } from './order.ts';
import type { Rec } from './records.ts';

/** Rows that `where` leaves out. */
export interface Filtered {
  count: number;
}

/** Finds the time of each record of a file. Rows that `where` does not take are left out here. */
export const placeRows = async function* (
  file: MappedFile,
  number: number,
  filtered: Filtered,
  keepRows: boolean,
): PlacedRows {
  let lastAt = Number.NEGATIVE_INFINITY;
  for await (const records of file.records) {
    const placed: Placed[] = [];
    for (const record of records) {
      const found = placeOf(file, record);
      if (found === undefined) {
        filtered.count++;
        continue;
      }
      lastAt = found.at ?? lastAt;
      const { row, problem } = found;
      placed.push({
        line: record.line,
        text: record.text,
        cut: record.cut,
        at: lastAt,
        file: number,
        row: keepRows ? row : undefined,
        problem,
      });
    }
    if (placed.length > 0) yield placed;
  }
};

type Found = Partial<Pick<Placed, 'at' | 'row' | 'problem'>>;

const placeOf = ({ readRow, mapping }: MappedFile, record: Rec): Found | undefined => {
  const row = readRow(record);
  if (row instanceof Misfit) return row;
  if (!mapping.takes(row)) return undefined;
  const at = mapping.at(row);
  return at instanceof Misfit ? { row, problem: at.problem } : { at, row };
};

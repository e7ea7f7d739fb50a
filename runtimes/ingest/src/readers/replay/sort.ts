import { SourceStalledError } from '../../source-reader.ts';
import type { Placed, PlacedRows } from './order.ts';

// Fewer than V8 needs to see alive at once to take what is made of them for long-lived: with 1024, replay took half as long again.
const batchSize = 64;

/** How many rows there are; 0 until all were read. */
export interface Loaded {
  rows: number;
}

/**
 * All rows in memory (their text and about 40 bytes each), sorted by event time. Rows of equal time keep their order; the rows
 * of a damaged file are given up to the damage, and the error comes at the very end.
 */
export const sortInMemory = async function* (files: readonly PlacedRows[], loaded: Loaded = { rows: 0 }): PlacedRows {
  const rows = createRowStore();
  let stalled: SourceStalledError | undefined;
  for (const file of files) {
    try {
      for await (const batch of file) for (const row of batch) rows.add(row);
    } catch (error) {
      if (!(error instanceof SourceStalledError)) throw error;
      stalled ??= error;
    }
  }
  const order = rows.order();
  loaded.rows = order.length;
  for (let from = 0; from < order.length; from += batchSize) {
    yield Array.from(order.subarray(from, from + batchSize), rows.take);
  }
  if (stalled !== undefined) throw stalled;
};

interface RowStore {
  add(row: Placed): void;
  /** Numbers of the rows, in the order of their times. */
  order(): Uint32Array;
  /** The row with that number, which is forgotten by this. */
  take(number: number): Placed;
}

/** Columns instead of an object for each row: a tenth of the work for the garbage collector. */
const createRowStore = (): RowStore => {
  const times: number[] = [];
  const texts: string[] = [];
  const lines: number[] = [];
  const numbers: number[] = [];
  const oddities = new Map<number, Pick<Placed, 'problem' | 'cut'>>();

  return {
    add: ({ at, text, line, file, problem, cut }) => {
      if (problem !== undefined || cut) oddities.set(times.length, { problem, cut });
      times.push(at);
      texts.push(text);
      lines.push(line);
      numbers.push(file);
    },
    order: () => {
      const at = Float64Array.from(times);
      // Equal times: by number, so that the sort need not be stable to keep their order.
      return Uint32Array.from(at.keys()).sort((a, b) => timeOrder(at[a] as number, at[b] as number) || a - b);
    },
    take: (number) => {
      const { problem, cut } = oddities.get(number) ?? { problem: undefined, cut: false };
      const [at, text, line, file] = [
        times[number] ?? 0,
        texts[number] ?? '',
        lines[number] ?? 0,
        numbers[number] ?? 0,
      ];
      texts[number] = '';
      return { line, text, cut, at, file, row: undefined, problem };
    },
  };
};

/** Not the difference, which is no number between two times of -Infinity. */
const timeOrder = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** Event time of the newest event of a row, for those who forget by it; −Infinity for none. */
export interface NewestTime extends Column<unknown> {
  at(row: number): number;
}

export const createNewestTime = (): NewestTime => {
  let times = new Float64Array(0);
  return {
    bytesPerRow: 8,
    reserve: (capacity) => {
      const used = times.length;
      times = grown(times, capacity);
      times.fill(-Infinity, used);
    },
    clear: (row) => {
      times[row] = -Infinity;
    },
    add: (row, _, at) => {
      if (at > times[row]!) times[row] = at;
    },
    enter: (total, row) => {
      if (times[row]! > times[total]!) times[total] = times[row]!;
    },
    leave: () => false,
    read: () => null,
    at: (row) => times[row]!,
    write: (row, to) => to.number(times[row]!),
    load: (row, from) => {
      times[row] = from.number();
    },
  };
};

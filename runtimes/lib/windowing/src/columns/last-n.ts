import { eachScalar, type LastN, type Scalar } from '../aggregation.ts';
import type { Column } from './column.ts';
import { readScalar, writeScalar } from './scalar-codec.ts';

interface Latest {
  readonly at: number;
  readonly value: Scalar;
}

/** `lastN`. Newest first; of equal times, what came later is newer. */
export const createLastN = <E>({ of, where, size, distinct }: Omit<LastN<E>, 'kind' | 'name'>): Column<E> => {
  const cells: (Latest[] | undefined)[] = [];

  /** Puts one in; of what is then too much, the oldest goes. */
  const take = (latest: Latest[], one: Latest): void => {
    if (latest.length === size && one.at < latest[size - 1]!.at) return;
    if (distinct) {
      const before = latest.findIndex(({ value }) => value === one.value);
      if (before >= 0 && latest[before]!.at > one.at) return;
      if (before >= 0) latest.splice(before, 1);
    }
    let place = 0;
    while (place < latest.length && latest[place]!.at > one.at) place++;
    latest.splice(place, 0, one);
    if (latest.length > size) latest.pop();
  };
  const latestOf = (row: number): Latest[] => {
    const known = cells[row];
    if (known !== undefined) return known;
    const made: Latest[] = [];
    cells[row] = made;
    return made;
  };
  return {
    bytesPerRow: 64,
    reserve: () => undefined,
    clear: (row) => {
      cells[row] = undefined;
    },
    add: (row, event, at) => {
      if (where !== undefined && !where(event)) return;
      eachScalar(of(event), (value) => take(latestOf(row), { at, value }));
    },
    enter: (total, row) => {
      const into = latestOf(total);
      for (const one of cells[row]?.toReversed() ?? []) take(into, one);
    },
    leave: (total, row) => {
      const left = cells[row];
      const latest = cells[total];
      // Where one of them stands, an older one may have to take its place.
      return left === undefined || latest === undefined || !left.some((one) => latest.includes(one));
    },
    read: (row) => (cells[row] ?? []).map(({ value }) => value),
    write: (row, to) => {
      const latest = cells[row] ?? [];
      to.number(latest.length);
      for (const { at, value } of latest) {
        to.number(at);
        writeScalar(value, to);
      }
    },
    load: (row, from) => {
      for (let left = from.number(); left > 0; left--)
        latestOf(row).push({ at: from.number(), value: readScalar(from) });
    },
  };
};

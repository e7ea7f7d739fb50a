import { eachScalar, numberOf, one, type Ranked, type Scalar, type TopK } from '../aggregation.ts';
import type { Column } from './column.ts';
import { readScalar, writeScalar } from './scalar-codec.ts';

/** Sums are whole numbers of these, so that adding and taking out leaves no trace. */
const unit = 1024;

/** Sums stay here, so that none is rounded: neither order nor what left shows in one that is full. */
const full = Number.MAX_SAFE_INTEGER;

/**
 * `topK`. A row keeps at most twice 1 / error counts; when there are more, the smaller half goes, and the largest count
 * that goes is taken off those that stay (Misra and Gries 1982; that errors do not add up when rows are merged: Agarwal
 * et al., Mergeable Summaries, 2012). A total is the sum of its rows' counts, so rows can be taken out of it again.
 */
export const createTopK = <E>({
  of,
  by,
  where,
  standsFor = one,
  size,
  error,
}: Omit<TopK<E>, 'kind' | 'name'>): Column<E> => {
  const cells: (Map<Scalar, number> | undefined)[] = [];
  const capacity = Math.max(size, Math.ceil(1 / error));

  const countsOf = (row: number): Map<Scalar, number> => {
    const known = cells[row];
    if (known !== undefined) return known;
    const made = new Map<Scalar, number>();
    cells[row] = made;
    return made;
  };
  const shrink = (row: number): void => {
    const counts = countsOf(row);
    if (counts.size <= 2 * capacity) return;
    const least = [...counts.values()].sort((a, b) => b - a)[capacity]!;
    for (const [value, count] of counts)
      if (count > least) counts.set(value, count - least);
      else counts.delete(value);
  };
  const weightOf = (event: E): number => {
    const weight = by === undefined ? 1 : numberOf(by(event));
    return weight > 0 ? Math.round(Math.round(weight * unit) * standsFor(event)) : 0;
  };
  const add = (row: number, value: Scalar, count: number): void => {
    const counts = countsOf(row);
    counts.set(value, Math.min(full, (counts.get(value) ?? 0) + count));
  };
  return {
    bytesPerRow: 64,
    reserve: () => undefined,
    clear: (row) => {
      cells[row] = undefined;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const weight = weightOf(event);
      if (weight === 0) return;
      eachScalar(of(event), (value) => add(row, value, weight));
      shrink(row);
    },
    enter: (total, row) => {
      for (const [value, count] of cells[row] ?? []) add(total, value, count);
    },
    leave: (total, row) => {
      const counts = countsOf(total);
      for (const value of cells[row]?.keys() ?? []) if (counts.get(value) === full) return false;
      for (const [value, count] of cells[row] ?? []) {
        const left = (counts.get(value) ?? 0) - count;
        if (left > 0) counts.set(value, left);
        else counts.delete(value);
      }
      return true;
    },
    compact: shrink,
    read: (row) => rank(cells[row], size),
    write: (row, to) => {
      to.number(cells[row]?.size ?? 0);
      for (const [value, count] of cells[row] ?? []) {
        writeScalar(value, to);
        to.number(count);
      }
    },
    load: (row, from) => {
      for (let left = from.number(); left > 0; left--) add(row, readScalar(from), from.number());
    },
  };
};

/** Of equal counts by value, so that the order of events does not show. */
const rank = (counts: ReadonlyMap<Scalar, number> | undefined, size: number): readonly Ranked[] =>
  [...(counts ?? [])]
    .sort(([a, countA], [b, countB]) => countB - countA || compare(a, b))
    .slice(0, size)
    .map(([value, count]) => ({ value, count: count / unit }));

const compare = (a: Scalar, b: Scalar): number => {
  const [left, right] = typeof a === typeof b ? [a, b] : [typeof a, typeof b];
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

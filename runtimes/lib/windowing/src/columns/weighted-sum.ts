import { one, scalarOf, type Value, type Weighting, type Weights } from '../aggregation.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** So many actions without a weight are counted too, in case that they are given one. */
const spareActions = 64;

/**
 * `weightedSum`: counts for each action, multiplied at reading, so that a new weight applies to the whole window at once.
 * Counts are kept for the actions that have or had a weight, and for the first 64 others that come; one that comes after
 * those counts from when it is given a weight.
 */
export const createWeightedSum = <E>({ by, where, standsFor = one, weights: initial }: Weighting<E>): Column<E> => {
  const actions = new Map<string, number>();
  let [capacity, stride, spare] = [0, 4, spareActions];
  let counts = new Float64Array(0);
  /** Places of the actions in the order of the snapshot that is being read. */
  let loaded: readonly number[] = [];
  let weights = initial;
  let weighted: readonly (readonly [action: number, weight: number])[] = [];

  const widen = (): void => {
    const [wider, rows] = [stride * 2, capacity];
    const next = new Float64Array(rows * wider);
    for (let row = 0; row < rows; row++) next.set(counts.subarray(row * stride, (row + 1) * stride), row * wider);
    [counts, stride] = [next, wider];
  };
  const know = (action: string): number => {
    const known = actions.get(action);
    if (known !== undefined) return known;
    const place = actions.size;
    actions.set(action, place);
    if (actions.size > stride) widen();
    return place;
  };
  const meet = (action: string): number => {
    if (spare === 0) return -1;
    spare--;
    return know(action);
  };
  const reweigh = (changed: Weights): void => {
    weights = changed;
    // By name, so that the rounding of the result does not depend on which action came first.
    const sorted = Object.entries(changed).sort(([a], [b]) => (a < b ? -1 : 1));
    weighted = sorted.map(([action, weight]) => [know(action), weight]);
  };
  reweigh(initial);
  return {
    get bytesPerRow() {
      return stride * 8;
    },
    reserve: (rows) => {
      capacity = Math.max(capacity, rows);
      counts = grown(counts, capacity * stride);
    },
    clear: (row) => {
      for (let at = row * stride, end = at + stride; at < end; at++) counts[at] = 0;
    },
    add: (row, event) => {
      if (where !== undefined && !where(event)) return;
      const value = scalarOf(by(event));
      if (value === undefined) return;
      const name = typeof value === 'string' ? value : String(value);
      const action = actions.get(name) ?? meet(name);
      if (action >= 0) counts[row * stride + action]! += standsFor(event);
    },
    enter: (total, row) => {
      for (let i = 0; i < actions.size; i++) counts[total * stride + i]! += counts[row * stride + i]!;
    },
    leave: (total, row) => {
      for (let i = 0; i < actions.size; i++) counts[total * stride + i]! -= counts[row * stride + i]!;
      return true;
    },
    read: (row): Value => {
      let sum = 0;
      for (const [action, weight] of weighted) sum += counts[row * stride + action]! * weight;
      return sum;
    },
    write: (row, to) => {
      for (let i = 0; i < actions.size; i++) to.number(counts[row * stride + i]!);
    },
    load: (row, from) => {
      for (const place of loaded) counts[row * stride + place] = from.number();
    },
    writeShared: (to) => {
      to.number(spare);
      to.number(actions.size);
      for (const action of actions.keys()) to.text(action);
      to.text(JSON.stringify(weights));
    },
    loadShared: (from) => {
      spare = from.number();
      loaded = Array.from({ length: from.number() }, () => know(from.text()));
      return from.text() !== JSON.stringify(weights);
    },
    reweigh,
  };
};

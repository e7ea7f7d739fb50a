import {
  type Counting,
  type Measured,
  numberOf,
  type OfValues,
  one,
  scalarOf,
  type Value,
  type Weighting,
  type Weights,
} from '../aggregation.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';
import { createExactSums } from '../exact-sums.ts';
import { grown } from '../grown.ts';
import type { Column } from './column.ts';

/** How values fade, common to all columns of a window. */
export interface Fade {
  readonly halfLifeMs: number;
  /** Events of one slice are put together as of its end. */
  readonly everyMs: number;
  /** Event time for which values are read, ms. */
  now: number;
}

/** What a column of fading values can say besides. */
export interface FadingColumn<E> extends Column<E> {
  /** The largest of what it holds, as of now. */
  magnitude(row: number): number;
}

/**
 * Sums of which each part counts half after a half-life. A row says what it is as of its mark, an end of a slice. Within
 * a slice sums are exact, of factors that are kept to 2^-30: so neither order nor restarts show.
 */
interface FadingSums {
  reserve(capacity: number): void;
  clear(row: number): void;
  add(row: number, value: number, at: number): void;
  enter(total: number, row: number): void;
  read(row: number): number;
  write(row: number, to: ByteWriter): void;
  load(row: number, from: ByteReader): void;
}

const quantum = 2 ** -30;

const createFadingSums = (fade: Fade): FadingSums => {
  const sums = createExactSums();
  /** NaN for nothing. */
  let marks = new Float64Array(0);
  const faded = (ms: number): number => 2 ** (-ms / fade.halfLifeMs);
  return {
    reserve: (capacity) => {
      sums.reserve(capacity);
      const used = marks.length;
      marks = grown(marks, capacity);
      marks.fill(Number.NaN, used);
    },
    clear: (row) => {
      sums.clear(row);
      marks[row] = Number.NaN;
    },
    add: (row, value, at) => {
      const mark = (Math.floor(at / fade.everyMs) + 1) * fade.everyMs;
      marks[row] = mark;
      sums.add(row, value * Math.round(faded(mark - at) / quantum) * quantum);
    },
    enter: (total, row) => {
      const from = marks[row]!;
      if (Number.isNaN(from)) return;
      const before = Number.isNaN(marks[total]!) ? from : marks[total]!;
      const mark = Math.max(before, from);
      const sum = sums.read(total) * faded(mark - before) + sums.read(row) * faded(mark - from);
      sums.clear(total);
      sums.add(total, sum);
      marks[total] = mark;
    },
    read: (row) => (Number.isNaN(marks[row]!) ? 0 : sums.read(row) * faded(fade.now - marks[row]!)),
    write: (row, to) => {
      to.number(marks[row]!);
      sums.write(row, to);
    },
    load: (row, from) => {
      marks[row] = from.number();
      sums.load(row, from);
    },
  };
};

/** @throws RangeError for an aggregation that cannot fade */
export const createFadingColumn = <E>(aggregation: Measured<E>, fade: Fade): FadingColumn<E> => {
  switch (aggregation.kind) {
    case 'count':
    case 'sum':
    case 'avg':
      return createFadingSum(aggregation, fade);
    case 'weightedSum':
      return createFadingWeights(aggregation, fade);
    default:
      throw new RangeError(
        `Cannot build a decay window: "${aggregation.name}" is a ${aggregation.kind}, which cannot fade; count, sum, avg or weightedSum is needed`,
      );
  }
};

const createFadingSum = <E>(aggregation: Counting<E> | OfValues<E>, fade: Fade): FadingColumn<E> => {
  const { kind, where, standsFor = one } = aggregation;
  const of = kind === 'count' ? () => 1 : aggregation.of;
  const [counts, sums] = [createFadingSums(fade), createFadingSums(fade)];
  const parts = [counts, sums];
  const read = (row: number): Value => {
    if (kind === 'count') return counts.read(row);
    if (counts.read(row) === 0) return null;
    return kind === 'avg' ? sums.read(row) / counts.read(row) : sums.read(row);
  };
  return {
    bytesPerRow: 32,
    reserve: (capacity) => parts.forEach((part) => void part.reserve(capacity)),
    clear: (row) => parts.forEach((part) => void part.clear(row)),
    add: (row, event, at) => {
      if (where !== undefined && !where(event)) return;
      const value = numberOf(of(event));
      if (Number.isNaN(value)) return;
      const weight = standsFor(event);
      counts.add(row, weight, at);
      sums.add(row, value * weight, at);
    },
    enter: (total, row) => parts.forEach((part) => void part.enter(total, row)),
    leave: () => false,
    read,
    magnitude: (row) => Math.abs(kind === 'sum' ? sums.read(row) : counts.read(row)),
    write: (row, to) => parts.forEach((part) => void part.write(row, to)),
    load: (row, from) => parts.forEach((part) => void part.load(row, from)),
  };
};

/** Counts by action, each for itself, so that new weights apply at once. All actions are counted: there are few, and they fade. */
const createFadingWeights = <E>(
  { by, where, standsFor = one, weights: initial }: Weighting<E>,
  fade: Fade,
): FadingColumn<E> => {
  const lanes = new Map<string, FadingSums>();
  let [capacity, weights]: [number, Weights] = [0, initial];
  const laneOf = (action: string): FadingSums => {
    const known = lanes.get(action);
    if (known !== undefined) return known;
    const lane = createFadingSums(fade);
    lane.reserve(capacity);
    lanes.set(action, lane);
    return lane;
  };
  const all = (visit: (lane: FadingSums) => void): void => {
    for (const lane of lanes.values()) visit(lane);
  };
  return {
    get bytesPerRow() {
      return lanes.size * 16;
    },
    reserve: (rows) => {
      capacity = Math.max(capacity, rows);
      all((lane) => lane.reserve(rows));
    },
    clear: (row) => all((lane) => lane.clear(row)),
    add: (row, event, at) => {
      if (where !== undefined && !where(event)) return;
      const action = scalarOf(by(event));
      if (action !== undefined) laneOf(String(action)).add(row, standsFor(event), at);
    },
    enter: (total, row) => all((lane) => lane.enter(total, row)),
    leave: () => false,
    read: (row) => {
      let sum = 0;
      // By name, so that the rounding does not depend on which action came first.
      for (const action of Object.keys(weights).sort()) sum += (lanes.get(action)?.read(row) ?? 0) * weights[action]!;
      return sum;
    },
    // Whatever the weights are now: others may be given.
    magnitude: (row) => Math.max(0, ...[...lanes.values()].map((lane) => lane.read(row))),
    write: (row, to) => all((lane) => lane.write(row, to)),
    load: (row, from) => all((lane) => lane.load(row, from)),
    writeShared: (to) => {
      to.number(lanes.size);
      for (const action of lanes.keys()) to.text(action);
      to.text(JSON.stringify(weights));
    },
    loadShared: (from) => {
      for (let left = from.number(); left > 0; left--) laneOf(from.text());
      return from.text() !== JSON.stringify(weights);
    },
    reweigh: (changed) => {
      weights = changed;
    },
  };
};

import type { Distribution, Summary } from './card.ts';
import { binOf, binsOf, psiOf } from './psi.ts';

/** The window moves on in so many slices. */
const slices = 6;

/** Fewer rows say nothing. */
const leastRows = 200;

/** How far the rows of a window are from those of training. */
export interface DriftReading {
  readonly rows: number;
  readonly score: number;
  /** By feature, those of the summary. */
  readonly features: ReadonlyMap<string, number>;
}

/** Follows the rows that a model scored. */
export interface Drift {
  /** @param at event time, ms */
  note(vector: Float32Array, score: number, at: number): void;
  /** undefined while there are too few rows. Costs some microseconds a feature. */
  read(): DriftReading | undefined;
}

interface Column {
  /** Place in the vector; −1: the score. */
  readonly place: number;
  readonly then: Distribution;
  /** Of its counts in a slice. */
  readonly offset: number;
}

/**
 * Compares the rows of the last `windowMs` of event time with the training summary, in six slices, of which the oldest falls
 * out as a whole. Starts anew after a restart: a window is soon full again.
 */
export const createDrift = (names: readonly string[], summary: Summary, windowMs: number): Drift => {
  const sliceMs = Math.max(1, windowMs / slices);
  let width = 0;
  const column = (place: number, then: Distribution): Column => {
    const offset = width;
    width += binsOf(then);
    return { place, then, offset };
  };
  const features = names.flatMap((name, place): (readonly [string, Column])[] => {
    const then = summary.features[name];
    return then === undefined ? [] : [[name, column(place, then)]];
  });
  const score = column(-1, summary.score);
  const columns = [...features.map(([, each]) => each), score];
  /** By number of the slice: counts, and rows at the end. */
  const counted = new Map<number, Float64Array>();
  let newest = Number.NEGATIVE_INFINITY;

  const sliceOf = (at: number): Float64Array | undefined => {
    const slice = Math.floor(at / sliceMs);
    if (slice > newest) newest = slice;
    if (slice <= newest - slices) return undefined;
    for (const old of counted.keys()) if (old <= newest - slices) counted.delete(old);
    const counts = counted.get(slice) ?? new Float64Array(width + 1);
    counted.set(slice, counts);
    return counts;
  };
  return {
    note: (vector, scored, at) => {
      const counts = sliceOf(at);
      if (counts === undefined) return;
      counts[width] = (counts[width] ?? 0) + 1;
      for (const { place, then, offset } of columns) {
        const bin = offset + binOf(then, place === -1 ? scored : (vector[place] ?? Number.NaN));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
    },
    read: () => {
      const sum = new Float64Array(width + 1);
      for (const counts of counted.values()) for (let i = 0; i <= width; i++) sum[i] = (sum[i] ?? 0) + (counts[i] ?? 0);
      const rows = sum[width] ?? 0;
      if (rows < leastRows) return undefined;
      const of = ({ then, offset }: Column): number => psiOf(then, sum.subarray(offset, offset + binsOf(then)));
      return { rows, score: of(score), features: new Map(features.map(([name, each]) => [name, of(each)])) };
    },
  };
};

/** What can be an element of a set, the first or the last of a window, or the result of an aggregation. */
export type Scalar = string | number | boolean;

/** The result of one aggregation. null: there was nothing to aggregate. */
export type Value = Scalar | null;

/** Results of all aggregations, in the order in which they were declared. */
export type Values = readonly Value[];

/** What a weight belongs to → the weight. */
export type Weights = Readonly<Record<string, number>>;

interface Shared<E> {
  readonly name: string;
  /** Only events for which it is true count for this aggregation. */
  readonly where?: (event: E) => boolean;
}

/** How many events. */
export interface Counting<E> extends Shared<E> {
  readonly kind: 'count';
}

/**
 * Something of a value that each event has.
 *
 * - `sum`, `avg`, `stddev`: of exact sums, rounded once, so that neither the order of events nor what has left the window
 *   shows in the result. `stddev` is of the population (SQL's STDDEV_POP).
 * - `first`, `last`: by event time; of equal times the one that came first, respectively last.
 * - `distinct`: exact.
 *
 * What `of` gives is left out where it is no number (for `distinct`, `first` and `last`: no string, number or boolean);
 * so are numbers beyond ±2^400, whose squares could not be summed.
 */
export interface OfValues<E> extends Shared<E> {
  readonly kind: 'sum' | 'avg' | 'stddev' | 'min' | 'max' | 'distinct' | 'first' | 'last';
  readonly of: (event: E) => unknown;
}

/** How many events of each action `by`, times the action's weight. */
export interface Weighting<E> extends Shared<E> {
  readonly kind: 'weightedSum';
  readonly by: (event: E) => unknown;
  readonly weights: Weights;
}

/** What is computed of the events of a window. Of nothing, `count`, `distinct` and `weightedSum` are 0, the others null. */
export type Aggregation<E> = Counting<E> | OfValues<E> | Weighting<E>;

const largest = 2 ** 400;

/** The value as a number that can be summed, else NaN. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number' && value <= largest && value >= -largest ? value : Number.NaN;

/** The value as a scalar; absent where it is none. */
export const scalarOf = (value: unknown): Scalar | undefined => {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

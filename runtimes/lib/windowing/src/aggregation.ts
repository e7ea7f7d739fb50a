/** What can be an element of a set, the first or the last of a window, or the result of an aggregation. */
export type Scalar = string | number | boolean;

/** One of the most frequent values, with how often it came (or with the sum of its weights). */
export interface Ranked {
  readonly value: Scalar;
  readonly count: number;
}

/** The result of one aggregation. null: there was nothing to aggregate. */
export type Value = Scalar | readonly Scalar[] | readonly Ranked[] | null;

/** Results of all aggregations, in the order in which they were declared. */
export type Values = readonly Value[];

/** What a weight belongs to → the weight. */
export type Weights = Readonly<Record<string, number>>;

interface Shared<E> {
  readonly name: string;
  /** Only events for which it is true count for this aggregation. */
  readonly where?: (event: E) => boolean;
  /**
   * How many events one stands for, see `standsForOf`; absent: one. What counts or adds up takes it as that many
   * equal ones; `min`, `max`, `first`, `last`, `lastN` and `distinct` see the one that came.
   */
  readonly standsFor?: (event: E) => number;
}

/** Sums of multiples of it are exact up to 2^33, so that neither order nor what has left the window shows. */
const weightQuantum = 2 ** -20;

export const one = (): number => 1;

/** The weight of an event as `standsFor` gives it; 1 for what is none. */
export const standsForOf = (weight: unknown): number =>
  typeof weight === 'number' && weight >= 1 && weight <= 1 / weightQuantum
    ? Math.round(weight / weightQuantum) * weightQuantum
    : 1;

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
 *
 * What `of` gives is left out where it is no number (for `first` and `last`, as for the others below: no string, number
 * or boolean); so are numbers beyond ±2^400, whose squares could not be summed.
 */
export interface OfValues<E> extends Shared<E> {
  readonly kind: 'sum' | 'avg' | 'stddev' | 'min' | 'max' | 'first' | 'last';
  readonly of: (event: E) => unknown;
}

/**
 * How many different values: exact up to `exactUpTo` of them (absent: always), above that estimated with a standard error
 * of `error`, a share. Either way it depends on nothing but the set of values in the window. Of a list, each element is a
 * value; so for `topK` and `lastN`.
 */
export interface Distinct<E> extends Shared<E> {
  readonly kind: 'distinct';
  readonly of: (event: E) => unknown;
  readonly exactUpTo?: number;
  readonly error?: number;
}

/**
 * The `size` most frequent values, the most frequent first; with `by`, those with the largest sums of what it gives.
 * A count is exact where there are at most 1 / `error` values in each pane; else it is too small by at most `error` times
 * the sum of all counts in the window. Sums are kept to a 1024th, and up to 2^43; what is negative or no number counts 0.
 */
export interface TopK<E> extends Shared<E> {
  readonly kind: 'topK';
  readonly of: (event: E) => unknown;
  readonly by?: (event: E) => unknown;
  readonly size: number;
  readonly error: number;
}

/** The values of the `size` latest events, newest first; `distinct`: of each value its latest event only. */
export interface LastN<E> extends Shared<E> {
  readonly kind: 'lastN';
  readonly of: (event: E) => unknown;
  readonly size: number;
  readonly distinct: boolean;
}

/** How many events of each action `by`, times the action's weight. */
export interface Weighting<E> extends Shared<E> {
  readonly kind: 'weightedSum';
  readonly by: (event: E) => unknown;
  readonly weights: Weights;
}

/** Computes a value of those of the other aggregations, in the order of their declaration; later derived ones are null. */
export type Derive = (values: Values) => Value;

/** Not of events, but of what the other aggregations have found. */
export interface Derived {
  readonly kind: 'derived';
  readonly name: string;
  readonly derive: Derive;
}

/** What is kept of events, in a column. */
export type Measured<E> = Counting<E> | OfValues<E> | Distinct<E> | TopK<E> | LastN<E> | Weighting<E>;

/**
 * What is computed of the events of a window. Of nothing, `count`, `distinct` and `weightedSum` are 0, `topK` and `lastN`
 * empty, the others null.
 */
export type Aggregation<E> = Measured<E> | Derived;

const largest = 2 ** 400;

/** The value as a number that can be summed, else NaN. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number' && value <= largest && value >= -largest ? value : Number.NaN;

/** The value as a scalar; absent where it is none. */
export const scalarOf = (value: unknown): Scalar | undefined => {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** Hands each scalar of a value to `take`: itself, or the elements of a list. */
export const eachScalar = (value: unknown, take: (scalar: Scalar) => void): void => {
  const scalar = scalarOf(value);
  if (scalar !== undefined) take(scalar);
  else if (Array.isArray(value)) for (const element of value) eachScalar(element, take);
};

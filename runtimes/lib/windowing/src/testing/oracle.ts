import type { Aggregation, Distinct, Measured, OfValues, Scalar, TopK, Value, Values } from '../aggregation.ts';
import { addTo, bitsFor, createRegisters, estimateOf } from '../columns/hyper-log-log.ts';
import { paningOf } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';
import { deviationOf, exactSumOf } from './exact.ts';
import { type Input, type Post, type SlicedOptions, textsOf } from './inputs.ts';

/** What counts in which window, by the definition: everything is read first, and each window looks at every event. */
export interface Truth {
  readonly watermark: number;
  readonly outcomes: readonly ('aggregated' | 'late' | 'filtered')[];
  /** Results of a key for the window that ends at `end`; undefined where it has no event. */
  valuesAt(key: readonly string[], end: number): Values | undefined;
  /** An event lies in the window that was late for it, but not for a later one. */
  hasLate(key: readonly string[], end: number): boolean;
  /** The largest timestamp that counts under the key. */
  newestAt(key: readonly string[]): number;
  readonly keys: readonly (readonly string[])[];
  /** The smallest timestamp that counts anywhere, and the largest. */
  readonly span: readonly [number, number] | undefined;
}

interface Counted {
  readonly post: Post;
  readonly keys: readonly string[];
  readonly watermark: number;
}

export const truthOf = (options: SlicedOptions, inputs: readonly Input[]): Truth => {
  const { everyMs, panes } = paningOf(options.shape);
  const sizeMs = everyMs * panes;
  const promises = new Map<number, number>();
  let watermark = -Infinity;
  const promise = (partition: number, to: number): void => {
    promises.set(partition, Math.max(promises.get(partition) ?? -Infinity, to));
    watermark = Math.max(watermark, Math.min(...promises.values()));
  };
  const isOpen = (end: number, at: number): boolean => end - 1 + options.allowedLatenessMs > at;
  const outcomes: ('aggregated' | 'late' | 'filtered')[] = [];
  const counted: Counted[] = [];
  for (const input of inputs) {
    if (input.kind === 'partitions') for (const partition of input.partitions) promise(partition, -Infinity);
    if (input.kind === 'watermark') promise(input.partition, input.watermark);
    if (input.kind !== 'event') continue;
    const { post } = input;
    const lastEnd = (Math.floor(post.at / everyMs) + panes) * everyMs;
    const keys = keysOf(options, post);
    if ((options.where && !options.where(post)) || keys.length === 0) outcomes.push('filtered');
    else if (!isOpen(lastEnd, watermark)) outcomes.push('late');
    else {
      outcomes.push('aggregated');
      counted.push({ post, keys: keys.map((key) => JSON.stringify(key)), watermark });
    }
    promise(input.partition, post.at - options.maxOutOfOrdernessMs);
  }
  const inWindow = (key: readonly string[], end: number): readonly Counted[] => {
    const id = JSON.stringify(key);
    return counted.filter(({ keys, post }) => keys.includes(id) && post.at >= end - sizeMs && post.at < end);
  };
  const times = counted.map(({ post }) => post.at);
  return {
    watermark,
    outcomes,
    keys: [...new Set(counted.flatMap(({ keys }) => keys))].map((key) => JSON.parse(key) as readonly string[]),
    span: times.length === 0 ? undefined : [Math.min(...times), Math.max(...times)],
    newestAt: (key) => {
      const id = JSON.stringify(key);
      return Math.max(...counted.filter(({ keys }) => keys.includes(id)).map(({ post }) => post.at));
    },
    hasLate: (key, end) => inWindow(key, end).some(({ watermark: seen }) => !isOpen(end, seen)),
    valuesAt: (key, end) => {
      const inside = inWindow(key, end).filter(({ watermark: seen }) => isOpen(end, seen));
      if (inside.length === 0) return undefined;
      return resultsOf(
        options.aggregations,
        inside.map(({ post }) => post),
      );
    },
  };
};

export const keysOf = (options: WindowerOptions<Post>, post: Post): readonly (readonly string[])[] =>
  options.keys.reduce<readonly (readonly string[])[]>(
    (keys, field) => keys.flatMap((key) => textsOf(field(post)).map((text) => [...key, text])),
    [[]],
  );

/** What the aggregations say of these events, in the order in which they came. */
export const resultsOf = (aggregations: readonly Aggregation<Post>[], posts: readonly Post[]): Values => {
  const measured = aggregations.map((one) => (one.kind === 'derived' ? null : resultOf(one, posts)));
  return aggregations.map((one, i) => (one.kind === 'derived' ? one.derive(measured) : measured[i]!));
};

/** A row of what each aggregation says, each read from the definition. */
const resultOf = (aggregation: Measured<Post>, all: readonly Post[]): Value => {
  const posts = all.filter((post) => aggregation.where?.(post) ?? true);
  if (aggregation.kind === 'count') return posts.length;
  if (aggregation.kind === 'weightedSum') {
    const weights = Object.entries(aggregation.weights).sort(([a], [b]) => (a < b ? -1 : 1));
    return weights.reduce((sum, [action, weight]) => {
      return sum + posts.filter((post) => String(aggregation.by(post)) === action).length * weight;
    }, 0);
  }
  // Stable: events that came first stay first among those of one time.
  const inTime = posts.filter((post) => aggregation.of(post) !== undefined).sort((a, b) => a.at - b.at);
  const values = inTime.map((post) => aggregation.of(post) as Scalar);
  switch (aggregation.kind) {
    case 'distinct':
      return countOf(new Set(values), aggregation);
    case 'topK':
      return topOf(aggregation, inTime);
    case 'lastN': {
      const newestFirst = values.toReversed();
      return (aggregation.distinct ? [...new Set(newestFirst)] : newestFirst).slice(0, aggregation.size);
    }
    case 'first':
      return values[0] ?? null;
    case 'last':
      return values.at(-1) ?? null;
  }
  return ofNumbers(
    aggregation.kind,
    values.filter((value) => typeof value === 'number'),
  );
};

const ofNumbers = (kind: OfValues<Post>['kind'], numbers: readonly number[]): Value => {
  if (numbers.length === 0) return null;
  if (kind === 'sum') return exactSumOf(numbers);
  if (kind === 'avg') return exactSumOf(numbers) / numbers.length;
  if (kind === 'stddev') return deviationOf(numbers);
  return kind === 'min' ? Math.min(...numbers) : Math.max(...numbers);
};

/** Above the limit, what the sketch of the set of values says: that it is close is told by its own test. */
const countOf = (values: ReadonlySet<Scalar>, { exactUpTo = Infinity, error = 0.01 }: Distinct<Post>): number => {
  if (values.size <= exactUpTo) return values.size;
  const registers = createRegisters(bitsFor(error));
  for (const value of values) addTo(registers, value);
  return Math.max(estimateOf(registers), exactUpTo + 1);
};

const topOf = ({ of, by, size }: TopK<Post>, posts: readonly Post[]): Value => {
  const sums = new Map<Scalar, number>();
  for (const post of posts) {
    const weight = by === undefined ? 1 : by(post);
    const value = of(post) as Scalar;
    if (typeof weight === 'number' && weight > 0)
      sums.set(value, Math.min((2 ** 53 - 1) / 1024, (sums.get(value) ?? 0) + Math.round(weight * 1024) / 1024));
  }
  return [...sums]
    .filter(([, count]) => count > 0)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (isBefore(a.value, b.value) ? -1 : 1))
    .slice(0, size);
};

/** Numbers before texts, each among themselves. */
const isBefore = (a: Scalar, b: Scalar): boolean => (typeof a === typeof b ? a < b : typeof a === 'number');

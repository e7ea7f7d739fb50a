import type { Aggregation, Value, Values } from '../aggregation.ts';
import { paningOf } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';
import { deviationOf, exactSumOf } from './exact.ts';
import { type Input, type Post, textsOf } from './inputs.ts';

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

export const truthOf = (options: WindowerOptions<Post>, inputs: readonly Input[]): Truth => {
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
      return options.aggregations.map((aggregation) =>
        resultOf(
          aggregation,
          inside.map(({ post }) => post),
        ),
      );
    },
  };
};

const keysOf = (options: WindowerOptions<Post>, post: Post): readonly (readonly string[])[] =>
  options.keys.reduce<readonly (readonly string[])[]>(
    (keys, field) => keys.flatMap((key) => textsOf(field(post)).map((text) => [...key, text])),
    [[]],
  );

const resultOf = (aggregation: Aggregation<Post>, all: readonly Post[]): Value => {
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
  const values = inTime.map((post) => aggregation.of(post) as string | number);
  if (aggregation.kind === 'distinct') return new Set(values).size;
  if (aggregation.kind === 'first') return values[0] ?? null;
  if (aggregation.kind === 'last') return values.at(-1) ?? null;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return null;
  switch (aggregation.kind) {
    case 'sum':
      return exactSumOf(numbers);
    case 'avg':
      return exactSumOf(numbers) / numbers.length;
    case 'stddev':
      return deviationOf(numbers);
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
  }
};

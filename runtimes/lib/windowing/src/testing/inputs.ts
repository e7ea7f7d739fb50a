import fc from 'fast-check';
import type { Weights } from '../aggregation.ts';
import type { Slices } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';

/** An event of the tests. */
export interface Post {
  readonly at: number;
  readonly user: string;
  readonly tags: readonly string[];
  readonly action: string;
  readonly size?: number | string;
}

export type Input =
  | { readonly kind: 'partitions'; readonly partitions: readonly number[] }
  | { readonly kind: 'event'; readonly partition: number; readonly post: Post }
  | { readonly kind: 'watermark'; readonly partition: number; readonly watermark: number }
  | { readonly kind: 'reweigh'; readonly weights: Weights }
  /** At the end of a cycle. */
  | { readonly kind: 'evict'; readonly keys: number }
  /** The end of a cycle: what is due is taken, at most `limit` at a time. */
  | { readonly kind: 'cycle'; readonly limit: number };

/** The texts of a key field. */
export const textsOf = (value: unknown): readonly string[] =>
  [...new Set([value].flat())].filter((text) => typeof text === 'string' && text !== '') as string[];

export const aPost = (post: Partial<Post> = {}): Post => ({ at: 0, user: 'ann', tags: [], action: 'like', ...post });

/** Options of tumbling and hopping windows. */
export type SlicedOptions = WindowerOptions<Post> & { readonly shape: Slices };

/** A tumbling window of 10 ms that counts, with neither disorder nor lateness; say what differs. */
export const someOptions = <S extends WindowerOptions<Post>['shape'] = Slices>(
  options: Partial<WindowerOptions<Post>> & { readonly shape?: S } = {},
): WindowerOptions<Post> & { readonly shape: S | Slices } => ({
  shape: { kind: 'tumble', sizeMs: 10 },
  head: 'Closed',
  emit: 'OnChange',
  maxOutOfOrdernessMs: 0,
  allowedLatenessMs: 0,
  timeOf: ({ at }) => at,
  keys: [({ user }) => user],
  aggregations: [{ kind: 'count', name: 'count' }],
  ...options,
});

const isLike = ({ action }: Post): boolean => action === 'like';
const sizeOf = ({ size }: Post): unknown => size;

/** Every kind of aggregation, some with a condition. */
export const allAggregations: WindowerOptions<Post>['aggregations'] = [
  { kind: 'count', name: 'count' },
  { kind: 'count', name: 'likes', where: isLike },
  { kind: 'sum', name: 'sum', of: sizeOf },
  { kind: 'sum', name: 'sumOfLikes', of: sizeOf, where: isLike },
  { kind: 'avg', name: 'avg', of: sizeOf },
  { kind: 'stddev', name: 'stddev', of: sizeOf },
  { kind: 'min', name: 'min', of: sizeOf },
  { kind: 'max', name: 'max', of: sizeOf },
  { kind: 'max', name: 'maxOfLikes', of: sizeOf, where: isLike },
  { kind: 'distinct', name: 'distinct', of: sizeOf },
  { kind: 'distinct', name: 'distinctOfLikes', of: sizeOf, where: isLike },
  { kind: 'distinct', name: 'estimated', of: sizeOf, exactUpTo: 2, error: 0.3 },
  { kind: 'topK', name: 'top', of: sizeOf, size: 3, error: 0.05 },
  { kind: 'topK', name: 'topOfLikes', of: ({ user }) => user, by: sizeOf, size: 2, error: 0.05, where: isLike },
  { kind: 'first', name: 'first', of: sizeOf },
  { kind: 'last', name: 'last', of: sizeOf },
  { kind: 'last', name: 'lastOfLikes', of: sizeOf, where: isLike },
  { kind: 'lastN', name: 'latest', of: sizeOf, size: 3, distinct: false },
  { kind: 'lastN', name: 'latestOnce', of: sizeOf, size: 2, distinct: true, where: isLike },
  { kind: 'derived', name: 'share', derive: ([count, likes]) => Number(likes) / Number(count) },
  { kind: 'weightedSum', name: 'weighted', by: ({ action }) => action, weights: { like: 0.1, repost: 0.2, reply: 3 } },
];

const users = ['ann', 'bob', 'cyd', ''];

/** Events that mostly go forward in time, sometimes leap, sometimes come late; watermarks; ends of cycles. */
export const someInputs = fc
  .array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({
          kind: fc.constant('event' as const),
          partition: fc.nat(1),
          ahead: fc.integer({ min: -60, max: 25 }),
          post: fc.record(
            {
              user: fc.constantFrom(...users),
              tags: fc.array(fc.constantFrom('x', 'y', ''), { maxLength: 3 }),
              action: fc.constantFrom('like', 'repost', 'reply', 'view'),
              size: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0.1, 0.2, 0.7, 1e17, 'big')),
            },
            { requiredKeys: ['user', 'tags', 'action'] },
          ),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('leap' as const), by: fc.integer({ min: 0, max: 900 }) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('watermark' as const),
          partition: fc.nat(1),
          ahead: fc.integer({ min: -90, max: 30 }),
        }),
      },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('cycle' as const), limit: fc.constantFrom(1, 3, 1000) }) },
    ),
    { maxLength: 90 },
  )
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: -200, max: 200 }), fc.boolean()))
  .map(([steps, start, both]): readonly Input[] => {
    let now = start;
    const inputs: Input[] = both ? [{ kind: 'partitions', partitions: [0, 1] }] : [];
    for (const step of steps) {
      if (step.kind === 'leap') now += step.by;
      if (step.kind === 'cycle') inputs.push(step);
      if (step.kind === 'watermark') inputs.push({ ...step, watermark: now + step.ahead });
      if (step.kind !== 'event') continue;
      const at = now + step.ahead;
      now += Math.max(0, Math.min(step.ahead, 6));
      inputs.push({ kind: 'event', partition: both ? step.partition : 0, post: { ...step.post, at } as Post });
    }
    return inputs;
  });

/** As they are, but for those that tell the newest windows only: they tell all. */
export const tellingAll = <O extends WindowerOptions<Post>>(options: O): O =>
  options.emit === 'Newest' ? { ...options, emit: 'OnChange' } : options;

/** Tumbling and hopping windows, with and without disorder and lateness, by user, by tag or over all. */
export const variousOptions = fc
  .record({
    shape: fc.constantFrom(
      { kind: 'tumble', sizeMs: 10 } as const,
      { kind: 'hop', sizeMs: 10, everyMs: 5 } as const,
      { kind: 'hop', sizeMs: 60, everyMs: 10 } as const,
      { kind: 'hop', sizeMs: 40, everyMs: 1 } as const,
    ),
    maxOutOfOrdernessMs: fc.constantFrom(0, 7, 30),
    allowedLatenessMs: fc.constantFrom(0, 4, 25, 100),
    keys: fc.constantFrom(
      [],
      [({ user }: Post) => user],
      [({ tags }: Post) => tags],
      [({ user }: Post) => user, ({ tags }: Post) => tags],
    ),
    where: fc.constantFrom(undefined, ({ action }: Post) => action !== 'view'),
    emit: fc.constantFrom('OnChange' as const, 'EveryWindow' as const, 'Newest' as const),
  })
  .map((options) => someOptions({ ...options, aggregations: allAggregations }));

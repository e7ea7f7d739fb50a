import type { Values } from '../aggregation.ts';
import type { PatternShape, PatternStep } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';
import type { Input, Post } from './inputs.ts';
import { keysOf, resultsOf } from './oracle.ts';

export type PatternOptions = WindowerOptions<Post> & { readonly shape: PatternShape<Post> };

/** Patterns by the definition: the events of a key are put in order first, and each of them is tried as a beginning. */
export interface PatternTruth {
  readonly watermark: number;
  readonly outcomes: readonly ('aggregated' | 'late' | 'filtered')[];
  /** Key → the matches that are certain, in the order in which they are told. */
  readonly matches: ReadonlyMap<string, readonly FoundMatch[]>;
}

interface FoundMatch {
  readonly start: number;
  readonly end: number;
  readonly values: Values;
}

/** Places of events in the order of their key. `certainAt`: the event time that has to be over. */
interface Tried {
  readonly places: readonly number[];
  readonly end: number;
}

/** A step that takes events, with the steps that must not come before it. */
interface Taking {
  readonly step: PatternStep<Post>;
  readonly absent: readonly PatternStep<Post>[];
}

const takingOf = (sequence: readonly PatternStep<Post>[]): { steps: readonly Taking[]; last: Taking['absent'] } => {
  const steps: Taking[] = [];
  let absent: PatternStep<Post>[] = [];
  for (const step of sequence) {
    if (step.absent) absent.push(step);
    else {
      steps.push({ step, absent });
      absent = [];
    }
  }
  return { steps, last: absent };
};

/**
 * The match that begins with an event: undefined where there is none, 'open' where that is not known yet. From event to
 * event it looks for the first one that its step takes again, or, once that has enough, the next one.
 */
const tryAt = (
  { sequence, withinMs }: PatternShape<Post>,
  { posts, known }: { readonly posts: readonly Post[]; readonly known: number },
  first: number,
): Tried | undefined | 'open' => {
  const { steps, last } = takingOf(sequence);
  const until = posts[first]!.at + withinMs;
  const inTime = posts.filter(({ at }) => at < until).length;
  const isOver = known >= until - 1;
  if (!steps[0]!.step.where(posts[first]!)) return undefined;
  const places = [first];
  let [at, count] = [0, 1];
  for (;;) {
    const { step } = steps[at]!;
    const next = steps[at + 1];
    const enough = count >= step.min;
    if (next === undefined && enough && last.length === 0) return { places, end: posts[places.at(-1)!]!.at + 1 };
    const from = places.at(-1)! + 1;
    const within = ({ strict }: PatternStep<Post>, place: number): boolean => !strict || place === from;
    const repeats = (place: number): boolean => count < step.max && within(step, place) && step.where(posts[place]!);
    const goesOn = (place: number): boolean =>
      enough && next !== undefined && within(next.step, place) && next.step.where(posts[place]!);
    const forbidden = (place: number): boolean =>
      enough && !repeats(place) && (next?.absent ?? last).some(({ where }) => where(posts[place]!));
    const places_ = posts.map((_, place) => place).slice(from, inTime);
    const found = places_.find((place) => repeats(place) || goesOn(place) || forbidden(place));
    if (found === undefined) {
      const canGoOn = places_.length === 0 || (count < step.max && !step.strict) || (enough && !next?.step.strict);
      if (!canGoOn) return undefined;
      if (!isOver) return 'open';
      return next === undefined && enough ? { places, end: until } : undefined;
    }
    if (forbidden(found)) return undefined;
    if (repeats(found)) count++;
    else [at, count] = [at + 1, 1];
    places.push(found);
  }
};

/** Tries each event as a beginning, in order, as far as the matches before leave it to be one. */
const matchesIn = (options: PatternOptions, posts: readonly Post[], known: number): readonly FoundMatch[] => {
  const { shape, aggregations } = options;
  const found: FoundMatch[] = [];
  let from = 0;
  for (const [first] of posts.entries()) {
    if (first < from) continue;
    const tried = tryAt(shape, { posts, known }, first);
    if (tried === undefined) continue;
    if (tried === 'open') {
      if (shape.afterMatch === 'NoSkip') continue;
      return found;
    }
    const taken = tried.places.map((place) => posts[place]!);
    found.push({ start: taken[0]!.at, end: tried.end, values: resultsOf(aggregations, taken) });
    if (shape.afterMatch === 'SkipPastLast') from = tried.places.at(-1)! + 1;
  }
  return found;
};

export const patternTruthOf = (options: PatternOptions, inputs: readonly Input[]): PatternTruth => {
  const taken = new Map<string, Post[]>();
  const outcomes: ('aggregated' | 'late' | 'filtered')[] = [];
  const promises = new Map<number, number>();
  let watermark = -Infinity;
  const promise = (partition: number, to: number): void => {
    promises.set(partition, Math.max(promises.get(partition) ?? -Infinity, to));
    watermark = Math.max(watermark, Math.min(...promises.values()));
  };
  const outcomeOf = (post: Post): 'aggregated' | 'late' | 'filtered' => {
    const keys = keysOf(options, post).map((key) => JSON.stringify(key));
    if ((options.where && !options.where(post)) || keys.length === 0) return 'filtered';
    if (post.at <= watermark) return 'late';
    for (const key of keys) taken.set(key, [...(taken.get(key) ?? []), post]);
    return 'aggregated';
  };
  for (const input of inputs) {
    if (input.kind === 'partitions') for (const partition of input.partitions) promise(partition, -Infinity);
    if (input.kind === 'watermark') promise(input.partition, input.watermark);
    if (input.kind !== 'event') continue;
    outcomes.push(outcomeOf(input.post));
    promise(input.partition, input.post.at - options.maxOutOfOrdernessMs);
  }
  const matches = [...taken].flatMap(([key, posts]) => {
    const known = posts.filter(({ at }) => at <= watermark).toSorted((a, b) => a.at - b.at);
    const found = matchesIn(options, known, watermark);
    return found.length === 0 ? [] : [[key, found] as const];
  });
  return { watermark, outcomes, matches: new Map(matches) };
};

import type { GeneratorReader } from '@groundswell/graph';
import type { SocialEvent } from '@groundswell/wire';
import { Arrivals } from './arrivals.ts';
import { type CascadeWorld, cascadeOf, horizonMs } from './cascade.ts';
import { arrivalsOf, lateFactor, repeatWithinMs } from './delivery.ts';
import { eventOf } from './event.ts';
import { createPost, type Post, type PostWorld } from './post.ts';
import { createRandom, seedOf } from './random.ts';
import { rhythmAt } from './rhythm.ts';
import { createTrends } from './trends.ts';

/** What is generated; pace is another matter. */
export type GenerateOptions = Omit<GeneratorReader, 'kind' | 'speed' | 'tickMs'> & {
  /** Name of the source, as in each event. */
  readonly source: string;
};

const hourMs = 3_600_000;
const slotLengths = [hourMs, 600_000, 60_000, 10_000] as const;
const postsPerSlot = 500;
const salt = 9;

/** Time is generated slot by slot; the length only bounds what is sorted at once. */
const slotLengthOf = (postsPerHour: number): number =>
  slotLengths.find((length) => (postsPerHour * length) / hourMs <= postsPerSlot) ?? 1000;

/**
 * A synthetic stream in the order of arrival: self-exciting cascades over heavy-tailed audiences, with daily rhythm, bursts
 * of topics, deletes, disorder, late events and repeats. A function of its options: two runs are equal. Lazy: what is held
 * in memory is what is on its way, at most 48 h. `ingested_at` is the moment of arrival.
 *
 * @param from  Leaves out what had arrived before this moment; costs what 48 h of events cost, not the whole stream.
 */
export const generateEvents = function* (options: GenerateOptions, from = options.startAt): Generator<SocialEvent> {
  for (const arrivals of slotsOf(options, from))
    for (const row of arrivals.inOrder()) {
      const delivery = arrivals.delivery(row);
      if (delivery.arrivesAt >= from) yield eventOf(options, delivery);
    }
};

/** Slot by slot of time. */
const slotsOf = function* (options: GenerateOptions, from: number): Generator<Arrivals> {
  const { startAt } = options;
  const endAt = startAt + (options.durationMs ?? Number.POSITIVE_INFINITY);
  const slotMs = slotLengthOf(options.postsPerHour);
  const slotOf = (at: number): number => Math.floor((at - startAt) / slotMs);
  const postWorld: PostWorld = { ...options, heatOf: createTrends(options.seed) };
  const world = { ...options, endAt, audience: Math.max(20_000, options.authors * 20) };
  const pending = new Map<number, Arrivals>();
  const reachBackMs = horizonMs + lateFactor * options.maxOutOfOrdernessMs + repeatWithinMs;

  let slot = Math.max(0, slotOf(from - reachBackMs));
  for (; startAt + slot * slotMs < endAt || pending.size > 0; slot++) {
    const slotStart = startAt + slot * slotMs;
    for (const [index, at] of postTimes(options, slot, slotMs).entries()) {
      if (slotStart + at < endAt) enqueue(pending, world, createPost(postWorld, [slot, index], slotStart + at), slotOf);
    }
    const arriving = pending.get(slot);
    if (arriving === undefined) continue;
    pending.delete(slot);
    yield arriving;
  }
};

/** Moments of the slot's posts, ms since its start: Poisson with the rhythm of the day. */
const postTimes = (options: GenerateOptions, slot: number, slotMs: number): readonly number[] => {
  const random = createRandom(seedOf(options.seed, salt, slot));
  const middle = options.startAt + (slot + 0.5) * slotMs;
  const count = random.poisson(((options.postsPerHour * slotMs) / hourMs) * rhythmAt(middle));
  return Array.from({ length: count }, () => random.below(slotMs)).sort((a, b) => a - b);
};

const enqueue = (
  pending: Map<number, Arrivals>,
  world: CascadeWorld & GenerateOptions,
  post: Post,
  slotOf: (at: number) => number,
): void => {
  for (const action of cascadeOf(world, post)) {
    const times = arrivalsOf(world, post, action);
    for (let repeat = 0; repeat < times.length; repeat++) {
      const arrivesAt = times[repeat]!;
      const slot = slotOf(arrivesAt);
      const arrivals = pending.get(slot) ?? new Arrivals();
      pending.set(slot, arrivals);
      arrivals.add(action, { arrivesAt, post, repeat });
    }
  }
};

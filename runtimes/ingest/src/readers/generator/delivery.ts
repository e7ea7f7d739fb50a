import type { Action } from './cascade.ts';
import type { Post } from './post.ts';
import { createRandom, seedOf } from './random.ts';

/** One event on its way: when it comes in, which is not always the order in which things happened. */
export interface Delivery {
  readonly arrivesAt: number;
  readonly post: Post;
  readonly action: Action;
  /** 0, or 1 for a repeat of the same event. */
  readonly repeat: number;
}

export interface Disorder {
  /** Most events arrive within this of when they happened. */
  readonly maxOutOfOrdernessMs: number;
  /** The share that takes longer, up to `lateFactor` times as long. */
  readonly lateShare: number;
  readonly duplicateShare: number;
}

export const lateFactor = 20;
const salt = 7;
export const repeatWithinMs = 30_000;

/** How and how often an action's event arrives. */
export const deliveriesOf = (disorder: Disorder, post: Post, action: Action): readonly Delivery[] => {
  const random = createRandom(seedOf(post.seed, salt, action.number));
  const { maxOutOfOrdernessMs: most } = disorder;
  const late = random.chance(disorder.lateShare);
  // Mostly at once: the fourth power leaves one in six above half of the limit.
  const delayMs = late ? most * (1 + random.unit() * (lateFactor - 1)) : most * random.unit() ** 4;
  const arrivesAt = action.at + Math.floor(delayMs);
  const first: Delivery = { arrivesAt, post, action, repeat: 0 };
  if (!random.chance(disorder.duplicateShare)) return [first];
  return [first, { ...first, arrivesAt: arrivesAt + random.below(repeatWithinMs), repeat: 1 }];
};

/** By arrival; which of two at the same moment comes first depends on names only, so any part of a stream is ordered as the whole. */
export const byArrival = (a: Delivery, b: Delivery): number =>
  a.arrivesAt - b.arrivesAt ||
  (a.post.id < b.post.id ? -1 : a.post.id > b.post.id ? 1 : 0) ||
  a.action.number - b.action.number ||
  a.repeat - b.repeat;

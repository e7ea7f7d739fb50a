import type { Action } from './cascade.ts';
import type { Post } from './post.ts';
import { createRandom, seedOf } from './random.ts';

/** One event on its way: when it comes in, which is not always the order in which things happened. */
export interface Delivery extends Action {
  readonly arrivesAt: number;
  readonly post: Post;
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

/** When an action's event arrives: once, or twice. */
export const arrivalsOf = (disorder: Disorder, post: Post, action: Action): readonly number[] => {
  const random = createRandom(seedOf(post.seed, salt, action.number));
  const { maxOutOfOrdernessMs: most } = disorder;
  const late = random.chance(disorder.lateShare);
  // Mostly at once: the fourth power leaves one in six above half of the limit.
  const delayMs = late ? most * (1 + random.unit() * (lateFactor - 1)) : most * random.unit() ** 4;
  const arrivesAt = action.at + Math.floor(delayMs);
  return random.chance(disorder.duplicateShare) ? [arrivesAt, arrivesAt + random.below(repeatWithinMs)] : [arrivesAt];
};

import { createMember, reachOf } from './people.ts';
import type { Post } from './post.ts';
import { createRandom, type Random, seedOf } from './random.ts';
import { busiest, rhythmAt } from './rhythm.ts';

export const actionKinds = ['post', 'repost', 'quote', 'like', 'reply', 'follow', 'delete'] as const;
export type ActionKind = (typeof actionKinds)[number];

/** What happens to a post: itself, what people do with it, and its end. `number` counts from 0 within the post. */
export interface Action {
  readonly kind: ActionKind;
  readonly number: number;
  readonly at: number;
  /** Number of who acts in the audience; -1 is the author. */
  readonly member: number;
  /** Number of the repost that it reacts to; 0 is the post itself. */
  readonly parent: number;
}

/** A post is dead after this; nothing that is generated lies further from its post. */
export const horizonMs = 48 * 3_600_000;
const mostActions = 15_000;

/**
 * The memory of a social network: density of the time from seeing to reacting, constant for 5 minutes, then a power law.
 * Q. Zhao et al., SEISMIC: A Self-Exciting Point Process Model for Predicting Tweet Popularity, KDD 2015, section 3.2.
 */
const kernel = { flatMs: 300_000, theta: 0.242 };

/** Drawn by inverting the kernel's distribution function. */
const reactionMs = (random: Random): number => {
  const u = random.unit();
  const { flatMs, theta } = kernel;
  const flatShare = theta / (1 + theta);
  return u < flatShare ? (u / flatShare) * flatMs : flatMs * ((1 - u) * (1 + theta)) ** (-1 / theta);
};

// How many of each kind for one that spreads it (repost or quote).
const perSpread = { like: 2.2, reply: 0.3, follow: 0.05 };
const reactionsPerSpread = 1 + perSpread.like + perSpread.reply + perSpread.follow;
const quoteShare = 0.15;

const kindOf = (random: Random): ActionKind => {
  const u = random.unit() * reactionsPerSpread;
  if (u < 1) return random.chance(quoteShare) ? 'quote' : 'repost';
  if (u < 1 + perSpread.like) return 'like';
  return u < 1 + perSpread.like + perSpread.reply ? 'reply' : 'follow';
};

export interface CascadeWorld {
  readonly seed: number;
  readonly startAt: number;
  /** People who react, and so may see and pass on. */
  readonly audience: number;
  /** Nothing happens from then on. */
  readonly endAt: number;
}

const salt = 6;

/**
 * A marked Hawkes process, drawn as the branching process that it is (A. Hawkes, D. Oakes, 1974): whoever passes a post on
 * sets a Poisson number of reactions in motion, in proportion to reach and to the infectiousness of the post. By night fewer react.
 */
export const cascadeOf = (world: CascadeWorld, post: Post): Action[] => {
  const random = createRandom(seedOf(post.seed, salt));
  const endAt = Math.min(world.endAt, post.at + horizonMs, post.deletedAt ?? Number.POSITIVE_INFINITY);
  const actions: Action[] = [{ kind: 'post', number: 0, at: post.at, member: -1, parent: 0 }];
  // The list grows while it is walked: each action that spreads the post appends its reactions.
  for (let i = 0; i < actions.length; i++) {
    const from = actions[i] as Action;
    if (from.kind !== 'post' && from.kind !== 'repost' && from.kind !== 'quote') continue;
    const followers = followersOf(world, post, from);
    const expected = post.infectiousness * reachOf(followers) * reactionsPerSpread * busiest;
    for (let left = random.poisson(expected); left > 0 && actions.length < mostActions; left--) {
      const at = Math.floor(from.at + reactionMs(random));
      const kind = kindOf(random);
      const member = random.below(world.audience);
      if (at >= endAt || !random.chance(rhythmAt(at) / busiest)) continue;
      actions.push({ kind, number: actions.length, at, member, parent: from.number });
    }
  }
  if (post.deletedAt !== undefined && post.deletedAt < Math.min(world.endAt, post.at + horizonMs)) {
    actions.push({ kind: 'delete', number: actions.length, at: post.deletedAt, member: -1, parent: 0 });
  }
  return actions;
};

const followersOf = (world: CascadeWorld, post: Post, action: Action): number =>
  (action.member < 0 ? post.author : createMember(world.seed, action.member, world.startAt)).profile.followers ?? 0;

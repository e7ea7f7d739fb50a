import type { LabelledPost, Scores } from './labelled-post.ts';
import type { Side } from './metric.ts';

/** A logged score of one of the two variants, at one of the ages that count. */
export interface LoggedScore {
  readonly post: string;
  readonly side: Side;
  /** Index of the age. */
  readonly age: number;
  readonly score: number;
  /** When the label of the post matures, event time, ms. */
  readonly maturesAt: number;
  /** The moment that the score stands for, event time, ms. */
  readonly scoredAt: number;
}

export interface JoinOptions {
  /** How many ages count. */
  readonly ages: number;
  /** A post whose label has not come so long after it should have, ms, is given up. */
  readonly missingAfterMs: number;
  /** Posts that wait for their label. Of more, a fixed share by hash is followed. */
  readonly maxPosts: number;
}

/** What did not come as it should. */
export interface JoinCounts {
  /** Scores by side, of posts that are followed. */
  readonly scores: Readonly<Record<Side, number>>;
  /** Scores that were logged when the label had matured: left out. */
  readonly hindsight: Readonly<Record<Side, number>>;
  /** Posts that were given up without a label. */
  readonly missing: number;
  /** Labels that changed after they had been used: the first one counts. */
  readonly corrected: number;
}

/** Joins logged scores with labels, each used when it has matured and not before, in the order in which they mature. */
export interface Join {
  scored(score: LoggedScore): void;
  /** A label that comes again before it was used replaces the first. */
  labelled(post: string, label: { readonly positive: boolean }): void;
  /** Everything that matures up to `watermark` is there. @returns the posts whose label may be used now */
  advance(watermark: number): readonly LabelledPost[];
  counts(): JoinCounts;
  /** Posts that wait for their label. */
  waiting(): number;
  snapshot(): JoinSnapshot;
}

/** Plain data, for a checkpoint. */
export interface JoinSnapshot {
  readonly posts: readonly (readonly [post: string, state: Followed])[];
  readonly counts: JoinCounts;
  /** Share of the posts that are followed. */
  readonly followed: number;
}

interface Followed {
  readonly maturesAt: number;
  readonly ages: (Scores | null)[];
  /** null: not known yet. */
  positive: boolean | null;
  used: boolean;
}

const nothing: JoinSnapshot = {
  posts: [],
  counts: {
    scores: { champion: 0, challenger: 0 },
    hindsight: { champion: 0, challenger: 0 },
    missing: 0,
    corrected: 0,
  },
  followed: 1,
};

const hashSpace = 2 ** 32;

/** FNV-1a, avalanched: which posts are followed when there are too many; has nothing to do with who scores them. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

export const createJoin = (options: JoinOptions, from: JoinSnapshot = nothing): Join => {
  const posts = new Map(from.posts.map(([post, state]) => [post, { ...state, ages: [...state.ages] }]));
  const scores = { ...from.counts.scores };
  const hindsight = { ...from.counts.hindsight };
  let { followed } = from;
  let { missing, corrected } = from.counts;

  const counts = (): JoinCounts => ({ scores: { ...scores }, hindsight: { ...hindsight }, missing, corrected });
  const thin = (): void => {
    while (posts.size > options.maxPosts) {
      followed /= 2;
      for (const post of posts.keys()) if (hashOf(post) >= followed * hashSpace) posts.delete(post);
    }
  };
  const open = (post: string, maturesAt: number): Followed | undefined => {
    const known = posts.get(post);
    if (known !== undefined) return known;
    if (hashOf(post) >= followed * hashSpace) return undefined;
    const opened = {
      maturesAt,
      ages: new Array<Scores | null>(options.ages).fill(null),
      positive: null,
      used: false,
    };
    posts.set(post, opened);
    thin();
    return posts.get(post);
  };
  return {
    scored: ({ post, side, age, score, maturesAt, scoredAt }) => {
      const of = open(post, maturesAt);
      if (of === undefined) return;
      scores[side]++;
      if (scoredAt >= maturesAt) hindsight[side]++;
      else if (!of.used) of.ages[age] = { ...of.ages[age], [side]: score };
    },
    labelled: (post, { positive }) => {
      const of = posts.get(post);
      if (of === undefined) return;
      if (of.used && of.positive !== positive) corrected++;
      else of.positive = positive;
    },
    advance: (watermark) => {
      const due = [...posts].filter(([, { maturesAt }]) => maturesAt <= watermark);
      const ready = due.filter(([, { used, positive }]) => !used && positive !== null);
      for (const [post, { maturesAt, used, positive }] of due) {
        if (maturesAt + options.missingAfterMs > watermark) continue;
        if (!used && positive === null) missing++;
        posts.delete(post);
      }
      ready.sort(([a, { maturesAt: x }], [b, { maturesAt: y }]) => x - y || (a < b ? -1 : 1));
      return ready.map(([, of]) => {
        of.used = true;
        return { positive: of.positive === true, ages: of.ages };
      });
    },
    counts,
    waiting: () => [...posts.values()].filter(({ used }) => !used).length,
    snapshot: () => ({
      posts: [...posts].map(([post, state]) => [post, { ...state, ages: [...state.ages] }]),
      counts: counts(),
      followed,
    }),
  };
};

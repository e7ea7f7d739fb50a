import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FeatureSet } from '@groundswell/features';
import type { Feature, ScorerProgram } from '@groundswell/graph';
import type { Reason } from '@groundswell/wire';
import type { Explainer } from '../explain/explainer.ts';
import { reasonText } from './reason-text.ts';

/** What moves the score by less is no reason. */
const leastEffect = 0.001;

/** The mean of each feature over all scored posts, for features that have no default to be set to. */
export interface Means {
  note(vector: Float32Array): void;
  of(column: number): number;
  snapshot(): MeansSnapshot;
}

export interface MeansSnapshot {
  readonly counts: readonly number[];
  readonly sums: readonly number[];
}

export const createMeans = (width: number, from?: MeansSnapshot): Means => {
  const counts = Float64Array.from({ length: width }, (_, i) => from?.counts[i] ?? 0);
  const sums = Float64Array.from({ length: width }, (_, i) => from?.sums[i] ?? 0);
  return {
    note: (vector) => {
      for (let i = 0; i < width; i++) {
        const value = vector[i] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        counts[i] = (counts[i] ?? 0) + 1;
        sums[i] = (sums[i] ?? 0) + value;
      }
    },
    of: (column) => (sums[column] ?? 0) / (counts[column] ?? 0),
    snapshot: () => ({ counts: [...counts], sums: [...sums] }),
  };
};

export interface Explained {
  readonly postId: string;
  readonly variant: string;
  readonly vector: Float32Array;
  readonly score: number;
}

export interface ExplainOptions {
  /** Reasons of a post, at most, and how they are found. */
  readonly explanations: ScorerProgram['explanations'];
  /** Of the vector, in its order. */
  readonly listed: readonly Feature[];
  readonly set: FeatureSet;
  readonly means: Means;
  /** Of variants that have one. */
  readonly explainerOf: (variant: string) => Pick<Explainer, 'effects'> | undefined;
  readonly scoreBy: (variant: string, rows: Float32Array) => Promise<Float32Array | undefined>;
}

/** A post with one feature set aside. */
interface Occlusion {
  readonly post: Explained;
  readonly column: number;
}

/**
 * Why posts scored so: by the exact contributions of features where a variant has an explainer. Else by occlusion: each
 * feature in turn is set to its default, or to the mean where it has none, and the fall of the score is its effect; rough
 * where features stand for one another. One run of each variant for all posts.
 *
 * @returns by post id, strongest first
 */
export const explain = async (
  posts: readonly Explained[],
  options: ExplainOptions,
): Promise<ReadonlyMap<string, readonly Reason[]>> => {
  const { features: told, method } = options.explanations;
  const reasons = new Map<string, Reason[]>(posts.map(({ postId }) => [postId, []]));
  if (told === 0) return reasons;
  for (const variant of new Set(posts.map((post) => post.variant))) {
    const mine = posts.filter((post) => post.variant === variant);
    const explainer = method === 'Ablation' ? undefined : options.explainerOf(variant);
    if (explainer !== undefined) {
      for (const post of mine) {
        reasons.set(post.postId, contributed(post, explainer.effects(post.vector), options));
        // Milliseconds each: requests go in between.
        await nextTurn();
      }
      continue;
    }
    const occlusions = occlusionsOf(mine, options);
    const scores = occlusions.length === 0 ? [] : await options.scoreBy(variant, rowsOf(occlusions, options));
    for (const [i, { post, column }] of occlusions.entries()) {
      const effect = post.score - (scores?.[i] ?? Number.NaN);
      reasons.get(post.postId)?.push(...reasonOf(options.listed[column], post.vector[column] ?? Number.NaN, effect));
    }
  }
  for (const each of reasons.values()) {
    each.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
    each.length = Math.min(each.length, told);
  }
  return reasons;
};

const contributed = ({ vector }: Explained, effects: Float64Array, { listed }: ExplainOptions): Reason[] =>
  listed.flatMap((feature, column) => reasonOf(feature, vector[column] ?? Number.NaN, effects[column] ?? 0));

/** A feature that has its neutral value already has no effect, and needs no row. */
const occlusionsOf = (posts: readonly Explained[], options: ExplainOptions): readonly Occlusion[] =>
  posts.flatMap((post) =>
    [...options.listed.keys()]
      .filter((column) => !Object.is(post.vector[column], neutralOf(column, options)))
      .map((column) => ({ post, column })),
  );

const rowsOf = (occlusions: readonly Occlusion[], options: ExplainOptions): Float32Array => {
  const { width } = options.set;
  const rows = new Float32Array(occlusions.length * width);
  for (const [row, { post, column }] of occlusions.entries()) {
    rows.set(post.vector, row * width);
    rows[row * width + column] = neutralOf(column, options);
  }
  return rows;
};

const neutralOf = (column: number, { set, means }: ExplainOptions): number => {
  const missing = set.missing[column] ?? Number.NaN;
  return Math.fround(Number.isNaN(missing) ? means.of(column) : missing);
};

const reasonOf = (feature: Feature | undefined, value: number, effect: number): readonly Reason[] => {
  if (feature === undefined || !(Math.abs(effect) >= leastEffect)) return [];
  return [
    { feature: feature.name, value: Number.isNaN(value) ? null : value, effect, text: reasonText(feature, value) },
  ];
};

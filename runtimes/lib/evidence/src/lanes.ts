import type { LabelledPost } from './labelled-post.ts';
import type { Metric } from './metric.ts';

/** Posts of one arm that no block has used yet, oldest first. */
export interface Lanes {
  /** What every block takes one of. */
  readonly ones: LabelledPost[];
  /** What a block takes several of: the negatives against which a positive stands. */
  readonly others: LabelledPost[];
  seenOnes: number;
  seenOthers: number;
}

/** A positive stands against at most so many negatives: more would add little. */
const mostOthers = 20;

/** Of posts that find no counterpart the newest wait. */
const longestLane = 20_000;

export const copyOf = ({ ones, others, ...seen }: Lanes): Lanes => ({ ones: [...ones], others: [...others], ...seen });

export const emptyLanes = (): Lanes => ({ ones: [], others: [], seenOnes: 0, seenOthers: 0 });

const queue = (lane: LabelledPost[], post: LabelledPost): void => {
  lane.push(post);
  if (lane.length > longestLane) lane.shift();
};

export const enqueue = (lanes: Lanes, post: LabelledPost, { block }: Metric): void => {
  if (block === 'Post' || post.positive) {
    lanes.seenOnes++;
    queue(lanes.ones, post);
  } else if (block === 'PositiveAndNegatives') {
    lanes.seenOthers++;
    queue(lanes.others, post);
  }
};

/**
 * How many others the next block takes. Labels alone decide it, so the scores of a block are, among posts of its labels,
 * as good as drawn at random.
 */
const othersWanted = (lanes: Lanes, { block }: Metric): number =>
  block === 'PositiveAndNegatives'
    ? Math.min(mostOthers, Math.max(1, Math.floor(lanes.seenOthers / Math.max(1, lanes.seenOnes))))
    : 0;

/** The next block of each of the lanes; undefined while one of them has too few posts for it. */
export const nextBlocks = (arms: readonly Lanes[], metric: Metric): readonly LabelledPost[][] | undefined => {
  const wanted = arms.map((lanes) => othersWanted(lanes, metric));
  if (!arms.every(({ ones, others }, i) => ones.length > 0 && others.length >= (wanted[i] ?? 0))) return undefined;
  return arms.map(({ ones, others }, i) => [...ones.splice(0, 1), ...others.splice(0, wanted[i])]);
};

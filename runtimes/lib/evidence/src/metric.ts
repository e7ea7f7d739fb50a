import type { LabelledPost, Scores } from './labelled-post.ts';

export type MetricName = 'Auc' | 'LogLoss' | 'Brier' | 'LiftAt10';
export type Side = keyof Scores;

/** What is known of a variant at an age before the posts that are compared. */
type TopScore = (side: Side, age: number) => number | undefined;

/** How good a variant is, as a mean over blocks of posts. */
export interface Metric {
  /** The metric is so many times the value. */
  readonly scale: number;
  /** What a block is made of: one post of any label, one positive, or one positive and the negatives that it stands against. */
  readonly block: 'Post' | 'Positive' | 'PositiveAndNegatives';
  /** How good a variant is at these posts, in [0, 1], more being better; undefined where it has not scored what is needed. */
  readonly value: (
    posts: readonly LabelledPost[],
    of: { side: Side; age: number },
    topScore: TopScore,
  ) => number | undefined;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const scoresOf = (posts: readonly LabelledPost[], { side, age }: { side: Side; age: number }) =>
  posts.flatMap(({ positive, ages }) => {
    const score = ages[age]?.[side];
    return score === undefined ? [] : [{ score, positive }];
  });

const inOrder = (positive: number, negative: number): number =>
  positive > negative ? 1 : positive === negative ? 0.5 : 0;

/** One minus the mean loss. */
const lessLoss =
  (loss: (score: number, positive: boolean) => number): Metric['value'] =>
  (posts, of) =>
    mean(scoresOf(posts, of).map(({ score, positive }) => 1 - loss(score, positive)));

/** Probabilities nearer to 0 or 1 count as these in the log loss, which is without bound otherwise. */
const nearest = 1e-3;
const largestLogLoss = -Math.log(nearest);

export const metrics: Readonly<Record<MetricName, Metric>> = {
  /** The probability that a positive scores above a negative. */
  Auc: {
    scale: 1,
    block: 'PositiveAndNegatives',
    value: (posts, of) => {
      const scored = scoresOf(posts, of);
      const negatives = scored.filter(({ positive }) => !positive);
      return mean(
        scored
          .filter(({ positive }) => positive)
          .flatMap((case_) => negatives.map((negative) => inOrder(case_.score, negative.score))),
      );
    },
  },
  LogLoss: {
    scale: largestLogLoss,
    block: 'Post',
    value: lessLoss((score, positive) => {
      const probability = Math.min(1 - nearest, Math.max(nearest, positive ? score : 1 - score));
      return -Math.log(probability) / largestLogLoss;
    }),
  },
  Brier: {
    scale: 1,
    block: 'Post',
    value: lessLoss((score, positive) => (score - (positive ? 1 : 0)) ** 2),
  },
  /** Ten times the share of the positives that lie in the best tenth of what the variant has scored before. */
  LiftAt10: {
    scale: 10,
    block: 'Positive',
    value: (posts, of, topScore) => {
      const enough = topScore(of.side, of.age);
      return enough === undefined ? undefined : mean(scoresOf(posts, of).map(({ score }) => (score >= enough ? 1 : 0)));
    },
  },
};

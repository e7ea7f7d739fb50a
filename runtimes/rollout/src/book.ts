import {
  type Comparison,
  type ComparisonSnapshot,
  createComparison,
  createJoin,
  type Evidence,
  type Join,
  type JoinSnapshot,
  type Side,
} from '@groundswell/evidence';
import type { RolloutProgram } from '@groundswell/graph';
import type { Outcome, Prediction } from '@groundswell/wire';
import { createScores, type Scores, type ScoresSnapshot } from './scores.ts';
import { createSplits, type Splits, type SplitsSnapshot } from './splits.ts';
import { whenGrown } from './when-grown.ts';

/** Posts that wait for their label: two scores at each of some ages take about 200 bytes. */
const maxPosts = 200_000;

/** After this part of the maturity again, a label that did not come is given up; an hour at least. */
const patience = 0.25;
const leastPatienceMs = 3_600_000;

/** All the evidence about one challenger, as it comes in. */
export interface Book {
  predicted(prediction: Prediction): void;
  matured(outcome: Outcome): void;
  /** Uses the labels that have matured. Answers how many. */
  settle(): number;
  /** The challenger's share of the keys of both, in [0, 1], is this from now on. */
  declare(share: number): void;
  evidence(): Evidence;
  /** Newest event time seen, ms; −Infinity before. */
  now(): number;
  /** Event time of the first prediction, ms. */
  since(): number;
  readonly join: Join;
  readonly scores: Scores;
  snapshot(): BookSnapshot;
}

/** Plain data, for a checkpoint. */
export interface BookSnapshot {
  readonly join: JoinSnapshot;
  readonly comparison: ComparisonSnapshot;
  readonly splits: SplitsSnapshot;
  readonly scores: ScoresSnapshot;
  readonly now: number | null;
  readonly since: number | null;
  readonly maturedUntil: number | null;
}

interface Parts {
  readonly join: Join;
  readonly comparison: Comparison;
  readonly splits: Splits;
  readonly scores: Scores;
}

const partsOf = ({ agesMs, outcome, policy }: RolloutProgram, from: BookSnapshot | undefined): Parts => {
  const missingAfterMs = Math.max(leastPatienceMs, outcome.maturityMs * patience);
  return {
    join: createJoin({ ages: agesMs.length, missingAfterMs, maxPosts }, from?.join),
    comparison: createComparison(policy.metric, from?.comparison),
    splits: createSplits(from?.splits),
    scores: createScores(from?.scores),
  };
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * @param from of evidence of the same definition
 * @param startedAt event time before which there is nothing to decide, where it begins anew
 */
export const createBook = (program: RolloutProgram, from?: BookSnapshot, startedAt = -Infinity): Book => {
  const { join, comparison, splits, scores } = partsOf(program, from);
  const { champion, challenger, outcome, agesMs, policy, guardrails, routingKey } = program;
  const sides: ReadonlyMap<string, Side> = new Map([
    [champion.name, 'champion'],
    [challenger.name, 'challenger'],
  ]);
  const digestOf: Readonly<Record<Side, string>> = { champion: champion.sha256, challenger: challenger.sha256 };
  let now = from?.now ?? startedAt;
  let since = from?.since ?? Infinity;
  let maturedUntil = from?.maturedUntil ?? -Infinity;

  const differences = whenGrown(
    () => comparison.differences.length,
    () => [...comparison.differences],
  );
  const healthOf = (side: Side): Evidence['health'] => {
    const counts = join.counts();
    return {
      latencyMs: scores.latency(side),
      errors: scores.errors(side),
      scorePsi: scores.stability(),
      hindsight: counts.hindsight[side] / Math.max(1, counts.scores[side]),
    };
  };
  return {
    join,
    scores,
    predicted: (prediction) => {
      const { post_id, author_id, posted_at, scored_at, age_ms, score, latency_ms, shadow } = prediction;
      if (scored_at > now) now = scored_at;
      const side = sides.get(prediction.variant);
      // What an earlier artifact of that name scored says nothing about this one.
      if (side === undefined || prediction.digest !== digestOf[side]) return;
      if (scored_at < since) since = scored_at;
      scores.scored(side, score, latency_ms);
      if (!shadow) splits.answered(routingKey === 'post_id' ? post_id : author_id, side, scored_at);
      const age = prediction.trigger === 'change' ? -1 : agesMs.indexOf(age_ms);
      if (age === -1 || score === null) return;
      join.scored({ post: post_id, side, age, score, maturesAt: posted_at + outcome.maturityMs, scoredAt: scored_at });
    },
    matured: ({ outcome: name, post_id, matured_at, positive }) => {
      if (name !== outcome.name) return;
      if (matured_at > maturedUntil) maturedUntil = matured_at;
      if (matured_at > now) now = matured_at;
      join.labelled(post_id, { positive });
    },
    settle: () => {
      const posts = join.advance(maturedUntil);
      for (const post of posts) {
        comparison.add(post);
        scores.labelled(post);
      }
      return posts.length;
    },
    declare: (share) => splits.declare(share, now),
    evidence: () => ({
      policy,
      guardrails: { ...guardrails, maxLatencyMs: guardrails.maxLatencyMs },
      differences: differences(),
      scale: comparison.scale,
      champion: scores.measures('champion'),
      challenger: scores.measures('challenger'),
      health: healthOf('challenger'),
      splits: [splits.segments()],
    }),
    now: () => now,
    since: () => since,
    snapshot: () => ({
      join: join.snapshot(),
      comparison: comparison.snapshot(),
      splits: splits.snapshot(),
      scores: scores.snapshot(),
      ...{ now: finite(now), since: finite(since), maturedUntil: finite(maturedUntil) },
    }),
  };
};

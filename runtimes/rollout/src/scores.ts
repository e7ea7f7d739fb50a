import {
  type Labelled,
  type LabelledPost,
  type Measures,
  measuresOf,
  type Side,
  stabilityIndex,
} from '@groundswell/evidence';
import { whenGrown } from './when-grown.ts';

/** Newest cases and latencies of a variant that its measures are taken of. */
const remembered = 20_000;

/** What a variant scored, newest last. */
interface Recent {
  readonly scores: number[];
  readonly latencies: number[];
  readonly cases: Labelled[];
  /** Scores, ever. */
  count: number;
  failures: number;
  /** Labelled cases, ever. */
  labels: number;
}

/** How the two variants do, beside how they compare. */
export interface Scores {
  scored(side: Side, score: number | null, latencyMs: number | null): void;
  labelled(post: LabelledPost): void;
  /** At the youngest age at which each post was scored; about as of now. */
  measures(side: Side): Measures;
  /** 99th percentile, ms; undefined before there is one. */
  latency(side: Side): number | undefined;
  /** Share of scores that failed; undefined before there is one. */
  errors(side: Side): number | undefined;
  /** Of the challenger's scores against the champion's; undefined before there are enough of both. */
  stability(): number | undefined;
  snapshot(): ScoresSnapshot;
}

export type ScoresSnapshot = Readonly<Record<Side, Readonly<Recent>>>;

const fewest = 1000;

const push = <T>(list: T[], value: T): void => {
  list.push(value);
  // Half as much again, so that old ones go in runs.
  if (list.length > remembered * 1.5) list.splice(0, list.length - remembered);
};

const restored = (from: Readonly<Recent> | undefined): Recent => ({
  scores: [...(from?.scores ?? [])],
  latencies: [...(from?.latencies ?? [])],
  cases: [...(from?.cases ?? [])],
  count: from?.count ?? 0,
  failures: from?.failures ?? 0,
  labels: from?.labels ?? 0,
});

export const createScores = (from?: ScoresSnapshot): Scores => {
  const recent = { champion: restored(from?.champion), challenger: restored(from?.challenger) };
  const { champion, challenger } = recent;
  const measuresOn = (of: Recent) =>
    whenGrown(
      () => of.labels,
      () => measuresOf(of.cases),
    );
  const latencyOf = (of: Recent) =>
    whenGrown(
      () => of.count,
      () => [...of.latencies].sort((a, b) => a - b)[Math.floor(of.latencies.length * 0.99)],
    );
  const measures = { champion: measuresOn(champion), challenger: measuresOn(challenger) };
  const latency = { champion: latencyOf(champion), challenger: latencyOf(challenger) };
  const stability = whenGrown(
    () => Math.min(champion.count, challenger.count),
    () => stabilityIndex(champion.scores, challenger.scores),
  );
  return {
    scored: (side, score, latencyMs) => {
      const of = recent[side];
      of.count++;
      if (score === null) of.failures++;
      else push(of.scores, score);
      if (latencyMs !== null) push(of.latencies, latencyMs);
    },
    labelled: ({ positive, ages }) => {
      for (const side of ['champion', 'challenger'] as const) {
        const score = ages.find((scores) => scores?.[side] !== undefined)?.[side];
        if (score === undefined) continue;
        push(recent[side].cases, { score, positive });
        recent[side].labels++;
      }
    },
    measures: (side) => measures[side](),
    latency: (side) => latency[side](),
    errors: (side) => (recent[side].count === 0 ? undefined : recent[side].failures / recent[side].count),
    stability: () => (Math.min(champion.scores.length, challenger.scores.length) < fewest ? undefined : stability()),
    snapshot: () => ({ champion: restored(champion), challenger: restored(challenger) }),
  };
};

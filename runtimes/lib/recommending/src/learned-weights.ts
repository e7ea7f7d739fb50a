import type { Weights } from './blend.ts';
import { logisticRegression, type Outcomes } from './logistic.ts';

/** An item that was shown, by both its scores and its place. */
export interface Impression {
  readonly realTime: number;
  readonly offline: number;
  /** From 1 on. */
  readonly rank: number;
}

/** Impressions that are alike, counted together. */
export interface Labels {
  /** As `cellOf` has it. */
  readonly cell: string;
  readonly shown: number;
  /** How many of them were a success. */
  readonly won: number;
}

export interface Learned extends Weights {
  /** Impressions that they were learned from. */
  readonly labels: number;
}

/** Both weigh the same as long as nothing is known. */
const equal: Weights = { realTime: 0.5, offline: 0.5 };

/** Eight steps from a power of 2 to the next: a score is known to 6 %. */
const stepsOfOctave = 8;
const smallest = 2 ** -20;

const level = (score: number): number => {
  const size = Math.abs(score);
  if (size < smallest) return 0;
  const step = 2 ** Math.floor(Math.log2(size)) / stepsOfOctave;
  return Math.round(score / step) * step;
};

/** Impressions with about the same scores, at about the same place, are one cell: its name. Undefined of scores that are no numbers. */
export const cellOf = ({ realTime, offline, rank }: Impression): string | undefined =>
  Number.isFinite(realTime) && Number.isFinite(offline)
    ? `${Math.floor(Math.log2(rank))}/${level(realTime)}/${level(offline)}`
    : undefined;

/** Undefined for what somebody else wrote. */
const featuresOf = (cell: string): readonly [number, number, number] | undefined => {
  const [place, realTime, offline] = cell.split('/').map(Number);
  return place !== undefined && Number.isFinite(place + (realTime ?? Number.NaN) + (offline ?? Number.NaN))
    ? [realTime ?? 0, offline ?? 0, place]
    : undefined;
};

/** With a mean of 0 and a spread of 1; the spread of what does not differ counts as endless. */
const spreadOf = (rows: readonly Outcomes[], i: number): { readonly mean: number; readonly spread: number } => {
  const count = rows.reduce((sum, row) => sum + row.rows, 0);
  const meanOf = (value: (x: number) => number): number =>
    rows.reduce((sum, row) => sum + row.rows * value(row.features[i] ?? 0), 0) / count;
  const mean = meanOf((x) => x);
  const spread = Math.sqrt(meanOf((x) => (x - mean) ** 2));
  return { mean, spread: spread > 1e-12 * Math.abs(mean) ? spread : Number.POSITIVE_INFINITY };
};

/**
 * How much each of two scores should count, from what became of what was shown: logistic regression of success on both scores, with the place as
 * a third (what stands on top is taken more often, whatever its scores). A score that success does not rise with counts nothing.
 *
 * @param least  impressions before that: until then both weigh the same
 */
export const learnWeights = (cells: Iterable<Labels>, least: number): Learned => {
  const rows = [...cells].flatMap(({ cell, shown, won }): Outcomes[] => {
    const features = featuresOf(cell);
    // What was written twice, or not at all, must not make a share above 1.
    return features === undefined || !(shown > 0)
      ? []
      : [{ features, rows: shown, successes: Math.min(shown, Math.max(0, won)) }];
  });
  const labels = rows.reduce((sum, row) => sum + row.rows, 0);
  const successes = rows.reduce((sum, row) => sum + row.successes, 0);
  if (labels < least || successes === 0 || successes === labels) return { ...equal, labels };
  const spreads = [0, 1, 2].map((i) => spreadOf(rows, i));
  const [realTime = 0, offline = 0] = logisticRegression(
    rows.map((row) => ({
      ...row,
      features: row.features.map((x, i) => (x - (spreads[i]?.mean ?? 0)) / (spreads[i]?.spread ?? 1)),
    })),
  ).map((coefficient, i) => Math.max(0, coefficient / (spreads[i]?.spread ?? 1)));
  const sum = realTime + offline;
  return sum > 0 ? { realTime: realTime / sum, offline: offline / sum, labels } : { ...equal, labels };
};

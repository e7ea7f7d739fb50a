import { averagePrecision, type Interval, type Labelled, liftAt, rocAuc } from './ranking.ts';

const clip = (probability: number): number => Math.min(1 - 1e-3, Math.max(1e-3, probability));

/** Mean of −log of the probability that was given to what happened; probabilities are kept 0.001 away from 0 and 1. */
export const logLoss = (cases: readonly Labelled[]): number | undefined =>
  cases.length === 0
    ? undefined
    : cases.reduce((sum, { score, positive }) => sum - Math.log(clip(positive ? score : 1 - score)), 0) / cases.length;

const bins = 10;

/** Runs of cases in the order of their scores, as equal in number as can be. */
const byScore = (cases: readonly Labelled[]): readonly (readonly Labelled[])[] => {
  const sorted = [...cases].sort((a, b) => a.score - b.score);
  const edge = (i: number): number => Math.floor((i * sorted.length) / bins);
  return Array.from({ length: bins }, (_, i) => sorted.slice(edge(i), edge(i + 1))).filter((bin) => bin.length > 0);
};

/**
 * Expected calibration error over ten bins of as many cases, less what chance alone would bring a calibrated model; at least 0.
 *
 * Source: Bröcker & Smith, "Increasing the reliability of reliability diagrams", Weather and Forecasting 22 (2007), for
 * what chance brings.
 */
export const calibrationError = (cases: readonly Labelled[]): number | undefined => {
  if (cases.length === 0) return undefined;
  const parts = byScore(cases).map((bin) => {
    const score = bin.reduce((sum, c) => sum + c.score, 0) / bin.length;
    const rate = bin.filter((c) => c.positive).length / bin.length;
    const chance = Math.sqrt((2 / Math.PI) * Math.max(0, score * (1 - score))) / Math.sqrt(bin.length);
    return (Math.abs(score - rate) - chance) * (bin.length / cases.length);
  });
  return Math.max(
    0,
    parts.reduce((sum, part) => sum + part, 0),
  );
};

/**
 * Population stability index of `actual` against `expected`, over ten bins of as many expected values. By custom, below
 * 0.1 nothing changed, above 0.25 much did. Undefined where one of them is empty.
 */
export const stabilityIndex = (expected: readonly number[], actual: readonly number[]): number | undefined => {
  if (expected.length === 0 || actual.length === 0) return undefined;
  const sorted = [...expected].sort((a, b) => a - b);
  const edges = [
    ...new Set(Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? 0)),
  ];
  const sharesOf = (values: readonly number[]): number[] => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const value of values) {
      const bin = edges.findIndex((edge) => value < edge);
      counts[bin === -1 ? edges.length : bin]! += 1;
    }
    // Half a case in each bin, so that an empty one is no infinite change.
    return counts.map((count) => (count + 0.5) / (values.length + counts.length / 2));
  };
  const [before, after] = [sharesOf(expected), sharesOf(actual)];
  return before.reduce((sum, share, i) => sum + ((after[i] ?? 0) - share) * Math.log((after[i] ?? 0) / share), 0);
};

/** How good a variant is at the labels that have matured. What needs both classes is undefined while one is missing. */
export interface Measures {
  readonly labels: number;
  readonly positives: number;
  readonly auc: Interval | undefined;
  readonly prAuc: number | undefined;
  readonly logLoss: number | undefined;
  readonly calibrationError: number | undefined;
  readonly liftAt10: number | undefined;
}

export const measuresOf = (cases: readonly Labelled[]): Measures => ({
  labels: cases.length,
  positives: cases.filter(({ positive }) => positive).length,
  auc: rocAuc(cases),
  prAuc: averagePrecision(cases),
  logLoss: logLoss(cases),
  calibrationError: calibrationError(cases),
  liftAt10: liftAt(cases, 0.1),
});

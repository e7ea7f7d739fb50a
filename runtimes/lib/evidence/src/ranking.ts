/** A scored case whose truth is known. */
export interface Labelled {
  readonly score: number;
  readonly positive: boolean;
}

export interface Interval {
  readonly value: number;
  /** Bounds of the 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

const byScoreDescending = (a: Labelled, b: Labelled): number => b.score - a.score;

/** Mid-ranks (1-based; equal values share the mean of their ranks), in the order of `values`. */
const midRanks = (values: readonly number[]): Float64Array => {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
};

const variance = (values: Float64Array): number => {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
};

/**
 * Area under the ROC curve with DeLong's confidence interval: the probability that a positive scores above a negative,
 * ties counting half. Undefined where one of the classes is empty.
 *
 * Source: Sun & Xu, "Fast Implementation of DeLong's Algorithm", IEEE Signal Processing Letters 21 (2014).
 */
export const rocAuc = (cases: readonly Labelled[]): Interval | undefined => {
  const positives = cases.filter((c) => c.positive).map((c) => c.score);
  const negatives = cases.filter((c) => !c.positive).map((c) => c.score);
  const [m, n] = [positives.length, negatives.length];
  if (m === 0 || n === 0) return undefined;
  const all = midRanks([...positives, ...negatives]);
  const within = { positives: midRanks(positives), negatives: midRanks(negatives) };
  const structural = {
    positives: within.positives.map((rank, i) => ((all[i] ?? 0) - rank) / n),
    negatives: within.negatives.map((rank, j) => 1 - ((all[m + j] ?? 0) - rank) / m),
  };
  const value = structural.positives.reduce((sum, v) => sum + v, 0) / m;
  const half = 1.959964 * Math.sqrt(variance(structural.positives) / m + variance(structural.negatives) / n);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
};

/** Calls back for each run of equal scores, best first, with the cases and positives seen up to and with it. */
const forEachThreshold = (cases: readonly Labelled[], visit: (seen: number, found: number) => void): void => {
  const sorted = [...cases].sort(byScoreDescending);
  let found = 0;
  for (const [i, { score, positive }] of sorted.entries()) {
    if (positive) found++;
    if (sorted[i + 1]?.score !== score) visit(i + 1, found);
  }
};

/** Area under the precision-recall curve as average precision: precision at each threshold, weighted by the recall it adds. */
export const averagePrecision = (cases: readonly Labelled[]): number | undefined => {
  const positives = cases.filter((c) => c.positive).length;
  if (positives === 0) return undefined;
  let area = 0;
  let before = 0;
  forEachThreshold(cases, (seen, found) => {
    area += (found / seen) * ((found - before) / positives);
    before = found;
  });
  return area;
};

/**
 * How many times more positives the best `share` of the cases holds than as many drawn at random. At least one case
 * is taken. Of a run of equal scores that the cut goes through, the positives count in proportion.
 */
export const liftAt = (cases: readonly Labelled[], share: number): number | undefined => {
  const positives = cases.filter((c) => c.positive).length;
  if (positives === 0) return undefined;
  const take = Math.max(1, Math.round(cases.length * share));
  let caught = 0;
  let last = { seen: 0, found: 0 };
  forEachThreshold(cases, (seen, found) => {
    if (last.seen < take) {
      const part = Math.min(1, (take - last.seen) / (seen - last.seen));
      caught += (found - last.found) * part;
    }
    last = { seen, found };
  });
  return caught / take / (positives / cases.length);
};

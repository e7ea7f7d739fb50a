import { createComparison } from '../comparison.ts';
import type { LabelledPost, Scores } from '../labelled-post.ts';
import { type Measures, measuresOf } from '../measures.ts';
import type { Side } from '../metric.ts';
import type { Evidence } from '../verdict.ts';

/** Uniform in [0, 1): mulberry32. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Two variants whose scores are the label, a common part and a part of their own. */
export interface World {
  readonly seed: number;
  /** How far positives lie above negatives, in standard deviations: 1.466 is an AUC of 0.85, 1.593 of 0.87. */
  readonly champion: number;
  readonly challenger: number;
  /** Correlation of the two scores within a class. */
  readonly correlation: number;
  readonly baseRate: number;
  /** Share of posts that the challenger alone scores; the champion alone the others. Absent: both score all. */
  readonly share?: number;
}

export const aucOf85 = 1.466;
export const aucOf87 = 1.593;

export const createWorld = ({ seed, correlation, baseRate, share, ...shift }: World) => {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    random,
    next: (): LabelledPost => {
      const positive = random() < baseRate;
      const common = Math.sqrt(correlation) * normal();
      const scoreOf = (side: Side): number => {
        const z = (positive ? shift[side] : 0) + common + Math.sqrt(1 - correlation) * normal();
        // What a calibrated model says that knows z alone.
        const odds = (baseRate / (1 - baseRate)) * Math.exp(shift[side] * z - shift[side] ** 2 / 2);
        return odds / (1 + odds);
      };
      const both = { champion: scoreOf('champion'), challenger: scoreOf('challenger') };
      if (share === undefined) return { positive, ages: [both] };
      const challenged = random() < share;
      return { positive, ages: [challenged ? { challenger: both.challenger } : { champion: both.champion }] };
    },
  };
};

const calm: Pick<Evidence, 'policy' | 'guardrails' | 'health' | 'splits'> = {
  policy: { metric: 'Auc', alpha: 0.05, minEffect: 0, margin: 0.005, minLabels: 500, splitAlpha: 0.001 },
  guardrails: { maxLatencyMs: 50, maxErrors: 0.001, maxCalibrationError: 0.1, maxScorePsi: 0.5 },
  health: { latencyMs: 3, errors: 0, scorePsi: 0.01, hindsight: 0 },
  splits: [],
};

const casesOf = (posts: readonly LabelledPost[], side: keyof Scores) =>
  posts.flatMap(({ positive, ages }) => {
    const score = ages[0]?.[side];
    return score === undefined ? [] : [{ score, positive }];
  });

const unmeasured = (cases: ReturnType<typeof casesOf>): Measures => ({
  ...{ labels: cases.length, positives: cases.filter(({ positive }) => positive).length },
  ...{ auc: undefined, prAuc: undefined, logLoss: undefined, calibrationError: undefined, liftAt10: undefined },
});

/** How often one looks, until how many labels, and whether AUC and calibration are measured at each look (which is slow). */
export interface Plan {
  readonly batch: number;
  readonly labels: number;
  readonly measured?: boolean;
}

/** The evidence after each batch of labels. */
export function* looks(posts: () => LabelledPost, { batch, labels, measured }: Plan): Generator<Evidence> {
  const comparison = createComparison(calm.policy.metric);
  const cases: Record<Side, ReturnType<typeof casesOf>> = { champion: [], challenger: [] };
  const measure = measured === true ? measuresOf : unmeasured;
  for (let seen = 0; seen < labels; seen += batch) {
    const news = Array.from({ length: batch }, posts);
    for (const post of news) comparison.add(post);
    for (const side of ['champion', 'challenger'] as const) cases[side].push(...casesOf(news, side));
    const { differences, scale } = comparison;
    yield { ...calm, differences, scale, champion: measure(cases.champion), challenger: measure(cases.challenger) };
  }
}

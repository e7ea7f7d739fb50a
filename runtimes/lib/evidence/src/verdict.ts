import { confidenceSequence, logEvidence } from './e-process.ts';
import type { Measures } from './measures.ts';
import type { MetricName } from './metric.ts';
import { logSplitEvidence, type Segment } from './split.ts';

/** What is asked of the evidence. */
export interface EvidencePolicy {
  readonly metric: MetricName;
  /** Probability of a wrong answer, however often one looks. */
  readonly alpha: number;
  /** Improvement, in the metric, that is worth a change. */
  readonly minEffect: number;
  /** Loss, in the metric, that still counts as not worse. */
  readonly margin: number;
  /** Matured labels of each variant before anything is said. */
  readonly minLabels: number;
  /** Probability of finding fault with a split that is as declared. */
  readonly splitAlpha: number;
}

/** What breaks a rollout whatever the labels say. */
export interface Guardrails {
  readonly maxLatencyMs: number | undefined;
  readonly maxErrors: number;
  readonly maxCalibrationError: number;
  readonly maxScorePsi: number;
}

/** How the challenger does beside its labels. Undefined: not known. */
export interface Health {
  /** 99th percentile. */
  readonly latencyMs: number | undefined;
  /** Share of scores that failed. */
  readonly errors: number | undefined;
  /** Of its scores against the champion's. */
  readonly scorePsi: number | undefined;
  /** Share of its scores that were logged when the label was known already. */
  readonly hindsight: number;
}

/** Everything that a verdict rests on: equal evidence gives an equal verdict. */
export interface Evidence {
  readonly policy: EvidencePolicy;
  readonly guardrails: Guardrails;
  /** Challenger minus champion by block of posts, in [−1, 1]; times `scale` it is the metric's. */
  readonly differences: readonly number[];
  readonly scale: number;
  readonly champion: Measures;
  readonly challenger: Measures;
  readonly health: Health;
  /** Keys as they were split, and labelled posts as they were split where only one variant scored them. */
  readonly splits: readonly (readonly Segment[])[];
}

export type VerdictState =
  | 'Collecting'
  | 'Inconclusive'
  | 'Better'
  | 'NotWorse'
  | 'Worse'
  | 'SplitWrong'
  | 'GuardrailBroken';

export interface Verdict {
  readonly state: VerdictState;
  /** For people. */
  readonly reason: string;
  readonly metric: MetricName;
  /** Challenger minus champion, in the metric (for losses: how much less), and its confidence sequence. */
  readonly difference: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** The e-value against "no improvement beyond minEffect". */
  readonly evidence: number;
  /** Matured labels of the variant that has fewer. */
  readonly labels: number;
  /** Labels by which a verdict can be expected if things go on like this; undefined where none can be foreseen. */
  readonly labelsNeeded: number | undefined;
}

/** No e-value is written larger than this: JSON has no infinity, and nobody needs to know. */
const largestEvidence = 1e12;

/** An AUC whose interval lies above this is not believed. */
const incredibleAuc = 0.99;

/** More hindsight than this is a leak. */
const mostHindsight = 0.01;

const percent = (share: number): string => `${+(share * 100).toPrecision(3)} %`;
const figure = (value: number): string => String(+value.toPrecision(3));

const brokenGuardrail = ({ guardrails, health, challenger, policy }: Evidence): string | undefined => {
  const { maxLatencyMs, maxErrors, maxCalibrationError, maxScorePsi } = guardrails;
  const { latencyMs, errors, scorePsi } = health;
  const exceeds = (value: number | undefined, limit: number | undefined) =>
    value !== undefined && limit !== undefined && value > limit;
  if (exceeds(latencyMs, maxLatencyMs))
    return `its 99th percentile is ${figure(latencyMs ?? 0)} ms, ${maxLatencyMs} ms is the limit`;
  if (exceeds(errors, maxErrors))
    return `${percent(errors ?? 0)} of its scores failed, ${percent(maxErrors)} is the limit`;
  if (exceeds(scorePsi, maxScorePsi))
    return `its scores are distributed otherwise than the champion's (PSI ${figure(scorePsi ?? 0)}), ${maxScorePsi} is the limit`;
  const { calibrationError, labels } = challenger;
  if (labels >= policy.minLabels && exceeds(calibrationError, maxCalibrationError))
    return `its calibration error is ${figure(calibrationError ?? 0)}, ${maxCalibrationError} is the limit`;
  return undefined;
};

/** Why the labels cannot be believed; undefined where they can. */
const leakOf = ({ challenger, health }: Evidence): string | undefined => {
  if (health.hindsight > mostHindsight)
    return `${percent(health.hindsight)} of the challenger's scores were logged after the label was known`;
  const { auc, positives } = challenger;
  return auc !== undefined && positives >= 20 && auc.low > incredibleAuc
    ? `the challenger's AUC is ${figure(auc.value)}, which looks like a label among its features`
    : undefined;
};

/** Blocks until the evidence against a mean of at most `mean` can be expected to suffice, at the mean and spread seen so far. */
const blocksNeeded = (differences: readonly number[], mean: number, alpha: number): number | undefined => {
  if (differences.length < 30) return undefined;
  const seen = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  const ahead = seen - mean;
  if (ahead <= 0) return undefined;
  const variance = differences.reduce((sum, d) => sum + (d - seen) ** 2, 0) / differences.length;
  // The best constant bet grows by ahead² / 2(variance + ahead²) a block; a mixture of ten starts up to log 10 behind it.
  return ((Math.log(1 / alpha) + Math.log(10)) * 2 * (variance + ahead ** 2)) / ahead ** 2;
};

/** What the differences say, in the metric. */
interface Weight {
  readonly difference: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Logs of e-values: that the challenger is better, worse, and not worse by more than the margin. */
  readonly better: number;
  readonly worse: number;
  readonly notWorse: number;
  readonly blocks: number | undefined;
}

const weigh = (differences: readonly number[], scale: number, { alpha, minEffect, margin }: EvidencePolicy): Weight => {
  const isEmpty = differences.length === 0;
  const { low, high } = confidenceSequence(differences, alpha);
  return {
    difference: isEmpty ? undefined : (scale * differences.reduce((sum, d) => sum + d, 0)) / differences.length,
    low: isEmpty ? undefined : scale * low,
    high: isEmpty ? undefined : scale * high,
    better: logEvidence(differences, minEffect / scale),
    worse: logEvidence(
      differences.map((difference) => -difference),
      0,
    ),
    notWorse: logEvidence(differences, -margin / scale),
    blocks: blocksNeeded(differences, minEffect / scale, alpha),
  };
};

// Weighing takes milliseconds, and whoever looks often has mostly the same list.
// The list only grows, so its length says whether it is the same.
const weighed = new WeakMap<
  readonly number[],
  { readonly policy: EvidencePolicy; readonly blocks: number; readonly weight: Weight }
>();

const weightOf = ({ differences, scale, policy }: Evidence): Weight => {
  const known = weighed.get(differences);
  if (known?.policy === policy && known.blocks === differences.length) return known.weight;
  const weight = weigh(differences, scale, policy);
  weighed.set(differences, { policy, blocks: differences.length, weight });
  return weight;
};

/**
 * What the evidence says of the challenger, valid at any time that one looks.
 *
 * @param evidence its list of differences may grow between two looks, and nothing else of it may change
 */
export const judge = (evidence: Evidence): Verdict => {
  const { policy, differences, scale, champion, challenger } = evidence;
  const { alpha, metric, minLabels } = policy;
  const { better, worse, notWorse, blocks, ...found } = weightOf(evidence);
  const labels = Math.min(champion.labels, challenger.labels);
  const say = (state: VerdictState, reason: string): Verdict => ({
    ...{ state, reason, metric, ...found, labels },
    evidence: Math.min(largestEvidence, Math.exp(better)),
    labelsNeeded:
      blocks === undefined ? undefined : Math.max(minLabels, Math.ceil((blocks * labels) / differences.length)),
  });
  const obstacle = obstacleOf(evidence);
  if (obstacle !== undefined) return say(obstacle.state, obstacle.reason);
  if (labels < minLabels)
    return say('Collecting', `${labels} labels have matured, ${minLabels} of each variant are needed`);
  const enough = Math.log(1 / alpha);
  const between = `the difference in ${metric} lies between ${figure(found.low ?? -scale)} and ${figure(found.high ?? scale)} (alpha ${alpha})`;
  if (better >= enough) return say('Better', `The challenger is better: ${between}`);
  if (worse >= enough) return say('Worse', `The challenger is worse: ${between}`);
  if (notWorse >= enough)
    return say('NotWorse', `The challenger is not worse by more than ${policy.margin}: ${between}`);
  return say('Inconclusive', `${labels} labels do not decide it yet: ${between}`);
};

/** What keeps the labels from being asked. */
const obstacleOf = (evidence: Evidence): { readonly state: VerdictState; readonly reason: string } | undefined => {
  const broken = brokenGuardrail(evidence);
  if (broken !== undefined) return { state: 'GuardrailBroken', reason: `A guardrail is broken: ${broken}` };
  const limit = Math.log(1 / evidence.policy.splitAlpha);
  const odd = evidence.splits.find((split) => logSplitEvidence(split) >= limit);
  if (odd !== undefined) return { state: 'SplitWrong', reason: splitReason(odd) };
  const leak = leakOf(evidence);
  return leak === undefined ? undefined : { state: 'Inconclusive', reason: `Nothing is concluded: ${leak}` };
};

const splitReason = (split: readonly Segment[]): string => {
  const total = split.reduce((sum, { champion, challenger }) => sum + champion + challenger, 0);
  const seen = split.reduce((sum, { challenger }) => sum + challenger, 0);
  const declared = split.reduce((sum, { share, champion, challenger }) => sum + share * (champion + challenger), 0);
  return `Nothing is concluded: the challenger got ${seen} of ${total}, ${Math.round(declared)} were declared; find out who is missing`;
};

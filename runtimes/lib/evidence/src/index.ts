export { type Comparison, type ComparisonSnapshot, createComparison } from './comparison.ts';
export { confidenceSequence, logEvidence, type Sequence } from './e-process.ts';
export {
  createJoin,
  type Join,
  type JoinCounts,
  type JoinOptions,
  type JoinSnapshot,
  type LoggedScore,
} from './join.ts';
export type { LabelledPost, Scores } from './labelled-post.ts';
export { calibrationError, logLoss, type Measures, measuresOf, stabilityIndex } from './measures.ts';
export type { MetricName, Side } from './metric.ts';
export { shareInterval } from './proportion.ts';
export { averagePrecision, type Interval, type Labelled, liftAt, rocAuc } from './ranking.ts';
export { advance, type Moment, type Phase, type RolloutPlan, type RolloutState, type Step } from './rollout.ts';
export { logSplitEvidence, type Segment } from './split.ts';
export {
  type Evidence,
  type EvidencePolicy,
  type Guardrails,
  type Health,
  judge,
  type Verdict,
  type VerdictState,
} from './verdict.ts';

import { z } from 'zod';

const Verdict = z.strictObject({
  state: z.enum(['Collecting', 'Inconclusive', 'Better', 'NotWorse', 'Worse', 'SplitWrong', 'GuardrailBroken']),
  /** For people. */
  reason: z.string(),
  metric: z.string(),
  /** Challenger minus champion (of losses: how much less), and its confidence sequence; null before there is any. */
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** The e-value against "no improvement". */
  evidence: z.number(),
  labels: z.number().int(),
  /** null where none can be foreseen. */
  labelsNeeded: z.number().int().nullable(),
  /** When they will be there at this pace, ms. */
  expectedAt: z.number().int().nullable(),
});

/** How good a variant is on matured labels; null where its labels do not allow it. */
const Measured = z.strictObject({
  name: z.string(),
  sha256: z.string(),
  /** Of 100, now. */
  share: z.number(),
  labels: z.number().int(),
  positives: z.number().int(),
  auc: z.number().nullable(),
  aucLow: z.number().nullable(),
  aucHigh: z.number().nullable(),
  logLoss: z.number().nullable(),
  calibrationError: z.number().nullable(),
  liftAt10: z.number().nullable(),
  /** 99th percentile from event to prediction, ms. */
  p99Ms: z.number().nullable(),
});

/** Where a rollout is: `/v1/rollouts`, the status of the resource, and one line of the decisions topic. Times are event time, ms. */
export const RolloutStatus = z.strictObject({
  model: z.string(),
  at: z.number().int(),
  phase: z.enum(['Running', 'Waiting', 'Promoted', 'Aborted']),
  /** Of `steps`, from 0; equal to it when all are done. */
  step: z.number().int(),
  steps: z.number().int(),
  since: z.number().int(),
  doing: z.string(),
  verdict: Verdict,
  champion: Measured,
  challenger: Measured,
  /** Posts that wait for their label, and those whose label never came. */
  waiting: z.number().int(),
  missing: z.number().int(),
  corrected: z.number().int(),
});
export type RolloutStatus = z.output<typeof RolloutStatus>;

/** `/v1/rollouts`: those of the pipeline's models that have one. */
export const Rollouts = z.strictObject({ rollouts: z.array(RolloutStatus) });
export type Rollouts = z.output<typeof Rollouts>;

import { z } from 'zod';

const Verdict = z.strictObject({
  state: z.enum(['Collecting', 'Inconclusive', 'Better', 'NotWorse', 'Worse', 'SplitWrong', 'GuardrailBroken']),
  reason: z.string().describe('For people.'),
  metric: z.string(),
  difference: z
    .number()
    .nullable()
    .describe(
      'Challenger minus champion (of losses: how much less), and its confidence sequence; null before there is any.',
    ),
  low: z.number().nullable(),
  high: z.number().nullable(),
  evidence: z.number().describe('The e-value against "no improvement".'),
  labels: z.number().int(),
  labelsNeeded: z.number().int().nullable().describe('null where none can be foreseen.'),
  expectedAt: z.number().int().nullable().describe('When they will be there at this pace, ms.'),
});

/** How good a variant is on matured labels; null where its labels do not allow it. */
const Measured = z.strictObject({
  name: z.string(),
  sha256: z.string(),
  share: z.number().describe('Of 100, now.'),
  labels: z.number().int(),
  positives: z.number().int(),
  auc: z.number().nullable(),
  aucLow: z.number().nullable(),
  aucHigh: z.number().nullable(),
  logLoss: z.number().nullable(),
  calibrationError: z.number().nullable(),
  liftAt10: z.number().nullable(),
  p99Ms: z.number().nullable().describe('99th percentile from event to prediction, ms.'),
});

/** Where a rollout is: `/v1/rollouts`, the status of the resource, and one line of the decisions topic. Times are event time, ms. */
export const RolloutStatus = z.strictObject({
  model: z.string(),
  at: z.number().int(),
  phase: z.enum(['Running', 'Waiting', 'Promoted', 'Aborted']),
  step: z.number().int().describe('Of `steps`, from 0; equal to it when all are done.'),
  steps: z.number().int(),
  since: z.number().int(),
  doing: z.string(),
  verdict: Verdict,
  champion: Measured,
  challenger: Measured,
  waiting: z.number().int().describe('Posts that wait for their label, and those whose label never came.'),
  missing: z.number().int(),
  corrected: z.number().int(),
});
export type RolloutStatus = z.output<typeof RolloutStatus>;

/** `/v1/rollouts`: those of the pipeline's models that have one. */
export const Rollouts = z.strictObject({ rollouts: z.array(RolloutStatus) });
export type Rollouts = z.output<typeof Rollouts>;

/** What the evidence was at one moment. */
export const RolloutPoint = z.strictObject({
  at: z.number().int().describe('Event time, ms.'),
  evidence: z.number().describe('The e-value against "no improvement".'),
  boundary: z.number().describe('Evidence from which on it decides.'),
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  labels: z.number().int(),
  share: z.number().describe('Of the challenger, of 100.'),
});
export type RolloutPoint = z.output<typeof RolloutPoint>;

/** `/v1/rollouts/{model}/history`. */
export const RolloutHistory = z.strictObject({
  model: z.string(),
  points: z.array(RolloutPoint).describe('Newest last.'),
});
export type RolloutHistory = z.output<typeof RolloutHistory>;

/** `POST /v1/rollouts/{model}/decisions`: a person's word, about what the person saw. */
export const RolloutDecision = z.strictObject({
  decision: z.enum(['promote', 'abort']).describe('Pass the wait that it stands at, or give the challenger up.'),
  challenger: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('`challenger.sha256` of the rollout as it was seen.'),
  step: z.number().int().min(0).max(1000).describe('`step` of the rollout as it was seen.'),
  reason: z.string().min(1).max(500).describe('Why, for the log.'),
});
export type RolloutDecision = z.output<typeof RolloutDecision>;

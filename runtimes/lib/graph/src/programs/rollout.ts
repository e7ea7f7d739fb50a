import { z } from 'zod';
import { Millis, programBase, Topic } from './program.ts';

const Step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shadow'), forMs: Millis }),
  z.strictObject({ kind: z.literal('share'), percent: z.number().min(0).max(100) }),
  /** Absent: until a person promotes. */
  z.strictObject({ kind: z.literal('pause'), forMs: Millis.optional() }),
  z.strictObject({
    kind: z.literal('gate'),
    verdict: z.enum(['Better', 'NotWorse', 'Healthy']),
    timeoutMs: Millis,
    onTimeout: z.enum(['Pause', 'Abort']),
  }),
]);

/** A variant that is compared. */
const Contender = z.strictObject({ name: z.string(), sha256: z.string() });

/** Joins the predictions of two variants with matured outcomes, judges, and says which shares they should have. All but what it reads is live. */
export const RolloutProgram = z.strictObject({
  kind: z.literal('rollout'),
  ...programBase,
  model: z.string(),
  predictions: Topic,
  outcomes: Topic,
  deadLetters: Topic,
  /** Each change of step or verdict, with the evidence that led to it. */
  decisions: Topic,
  outcome: z.strictObject({ name: z.string(), maturityMs: Millis }),
  /** Ages whose scores count, ascending. */
  agesMs: z.array(Millis).min(1),
  /** What a variant belongs to. */
  routingKey: z.enum(['post_id', 'user_id', 'author_id']),
  champion: Contender,
  challenger: Contender,
  /** Of 100, what both have together. */
  percent: z.number().min(0).max(100),
  steps: z.array(Step).min(1),
  autoPromote: z.boolean(),
  abort: z.boolean(),
  /** A person's word to go on: each new text passes one wait. */
  promote: z.string().optional(),
  rollbackWindowMs: Millis,
  policy: z.strictObject({
    metric: z.enum(['Auc', 'LogLoss', 'Brier', 'LiftAt10']),
    alpha: z.number(),
    minEffect: z.number(),
    margin: z.number(),
    minLabels: z.number().int(),
    splitAlpha: z.number(),
  }),
  guardrails: z.strictObject({
    maxLatencyMs: Millis.optional(),
    maxErrors: z.number(),
    maxCalibrationError: z.number(),
    maxScorePsi: z.number(),
  }),
  /** Windows whose watermark must not be further behind before a step is taken. */
  fresh: z.array(z.strictObject({ window: z.string(), maxStalenessMs: Millis })),
});
export type RolloutProgram = z.output<typeof RolloutProgram>;

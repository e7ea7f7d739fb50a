import { z } from 'zod';
import { Millis, programBase, Topic } from './program.ts';
import { Artifact } from './scorer.ts';

/** A bound of a metric on the held-out rows. */
const Gate = z.strictObject({
  metric: z.enum(['Auc', 'PrAuc', 'LogLoss', 'CalibrationError', 'LiftAt1', 'LiftAt10', 'ParityError']),
  min: z.number().optional(),
  max: z.number().optional(),
});

/**
 * Trains the model of a ScoringModel from logged vectors and matured outcomes. What trains is Python; it is started by
 * `train`, by `evaluate`, or by the schedule.
 */
export const TrainerProgram = z.strictObject({
  kind: z.literal('trainer'),
  ...programBase,
  model: z.string(),
  features: z.array(z.string()),
  /** Features that the baseline (logistic regression) may see. */
  baselineFeatures: z.array(z.string()),
  predictions: Topic,
  outcomes: Topic,
  outcome: z.string(),
  /** Cron, five fields or @hourly and the like. */
  schedule: z.string(),
  timeZone: z.string(),
  /** Newest matured rows, at most. */
  maxRows: z.number().int().min(1),
  /** Older rows, by the newest one, are left out. */
  maxAgeMs: Millis.optional(),
  /** Ages of posts whose vectors are used. */
  agesMs: z.array(Millis),
  /** Share of the posts, the newest, that judges. */
  holdout: z.number().min(0).max(0.9),
  algorithm: z.strictObject({
    type: z.enum(['XGBoost', 'LightGBM', 'LogisticRegression', 'FactorizationMachine']),
    params: z.record(z.string(), z.number()),
  }),
  gates: z.array(Gate),
  betterThanChampion: z.boolean(),
  /** The variant to beat; absent where the resource has none yet. */
  champion: z
    .strictObject({
      name: z.string(),
      artifact: Artifact,
      output: z.string().optional(),
      positiveClass: z.number().int(),
    })
    .optional(),
  publish: z.strictObject({
    /** The PersistentVolumeClaim that the folder lies in; absent on a laptop. */
    claim: z.string().optional(),
    /** Folder below that of the run's data, or in the claim or bucket. */
    folder: z.string(),
    /** An S3-compatible store that it is published to; absent: a folder. */
    s3: z
      .strictObject({
        bucket: z.string(),
        /** Name of a Secret, with keys accessKey and secretKey (and sessionToken). */
        secret: z.string(),
        /** Absent: that of AWS. */
        endpoint: z.string().optional(),
        region: z.string().optional(),
      })
      .optional(),
    /** Newest artifacts that are kept. */
    keep: z.number().int().min(1),
    /** The challenger, which each artifact that passed replaces, and what it is until then. */
    proposeAs: z.strictObject({ name: z.string(), artifact: Artifact }).optional(),
  }),
  seed: z.number().int(),
});
export type TrainerProgram = z.output<typeof TrainerProgram>;

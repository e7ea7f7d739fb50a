import { z } from 'zod';
import { FeedView } from './feed.ts';
import { programBase } from './program.ts';

export const ApiProgram = z.strictObject({
  kind: z.literal('api'),
  ...programBase,
  /** ScoringModels that it shows; the first is the default of `/v1/top`. */
  models: z.array(z.string()),
  /** Key of the `series` sink that the heatmap reads, and the window that writes it. */
  heatmap: z.strictObject({ window: z.string(), key: z.string() }).optional(),
  /** The Feed whose posts and timelines it takes and gives. */
  feed: FeedView.optional(),
  /** Serves the UI beside the API. */
  ui: z.boolean(),
});

/** Trains the variants of one model from logged vectors and matured outcomes. Python; started by schedule or by `evaluate`. */
export const TrainerProgram = z.strictObject({
  kind: z.literal('trainer'),
  ...programBase,
  model: z.string(),
  features: z.array(z.string()),
  /** Features that the baseline (logistic regression) may see. */
  baselineFeatures: z.array(z.string()),
  predictions: z.string(),
  outcomes: z.string(),
  outcome: z.string(),
  schedule: z.string(),
  maxRows: z.number().int().min(1),
  algorithm: z.strictObject({
    type: z.enum(['XGBoost', 'LogisticRegression']),
    params: z.record(z.string(), z.number()),
  }),
  seed: z.number().int(),
});

export type ApiProgram = z.output<typeof ApiProgram>;
export type TrainerProgram = z.output<typeof TrainerProgram>;

import { z } from 'zod';

/** What values looked like in training: drift is told against it. */
const Distribution = z.strictObject({
  missing: z.number().describe('Share of the rows.'),
  edges: z.array(z.number()).describe('Inner edges of bins; the first and the last are open.'),
  shares: z.array(z.number()).describe('Of the known values, by bin.'),
});

const known = z.number().nullable();

/** Where a model comes from: the card that its trainer wrote. Times are ms. */
export const ModelTraining = z.strictObject({
  algorithm: z.strictObject({ type: z.string(), params: z.record(z.string(), z.number()), seed: z.number().int() }),
  rows: z.number().int(),
  posts: z.number().int(),
  positives: z.number().int().describe('Rows.'),
  posted_from: z.number().int(),
  posted_to: z.number().int(),
  rows_sha256: z.string().describe('Equal rows, seed and algorithm give an equal model.'),
  held_out: z.strictObject({
    rows: z.number().int(),
    positives: z.number().int(),
    metrics: z
      .record(z.string(), known)
      .describe('Of a trial that had not seen them; null where one class is missing.'),
  }),
  gates: z.array(
    z.strictObject({
      metric: z.string(),
      min: z.number().optional(),
      max: z.number().optional(),
      value: known,
      passed: z.boolean(),
    }),
  ),
  champion: z
    .strictObject({ rows: z.number().int(), positives: z.number().int(), auc: known, champion_auc: known })
    .nullable()
    .describe('Both on rows that neither had seen; null where it was held against none.'),
  parity_error: z.number().describe('Largest difference between the ONNX file and the native model.'),
  importances: z.record(z.string(), z.number()).describe('By feature, largest first; they add up to 1.'),
  summary: z.strictObject({ features: z.record(z.string(), Distribution), score: Distribution }),
});
export type ModelTraining = z.output<typeof ModelTraining>;

/** What a scorer serves as a variant, as it writes it down for the API. */
export const ServedVariant = z.strictObject({
  sha256: z.string(),
  uri: z.string(),
  training: ModelTraining.nullable(),
});
export type ServedVariant = z.output<typeof ServedVariant>;

/** One variant of a ScoringModel: what serves, or, before anything does, what its resource declares. */
const VariantCard = z.strictObject({
  name: z.string(),
  share: z.number().describe('Of 100, as declared; a rollout may have moved it.'),
  shadow: z.boolean().describe('Scores and logs, never answers.'),
  sha256: z.string(),
  uri: z.string(),
  training: ModelTraining.nullable().describe('From the card beside the model; null where there is none.'),
});

/** What there is to know of a model: what it reads, what it predicts, what serves. */
export const ModelCard = z.strictObject({
  model: z.string(),
  features: z
    .array(
      z.strictObject({
        name: z.string(),
        from: z.string().describe('The window and field, or the expression, that it comes from.'),
        default: z.number().nullable().describe('For what is missing; null: it stays missing.'),
      }),
    )
    .describe('In the order of its vectors.'),
  predicts: z
    .strictObject({
      outcome: z.string(),
      at_least: z.number(),
      of: z.string().describe('What is counted, as an expression, or the figure.'),
      within_ms: z.number(),
    })
    .nullable(),
  ages_ms: z.array(z.number()).describe('Ages of a post at which it is scored.'),
  variants: z.array(VariantCard),
});

export const ModelCards = z.strictObject({ models: z.array(ModelCard) });

export type ModelCard = z.output<typeof ModelCard>;
export type ModelCards = z.output<typeof ModelCards>;

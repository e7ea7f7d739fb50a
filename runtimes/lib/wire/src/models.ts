import { z } from 'zod';

/** One variant of a ScoringModel, as its resource declares it. */
const VariantCard = z.strictObject({
  name: z.string(),
  share: z.number().describe('Of 100, as declared; a rollout may have moved it.'),
  shadow: z.boolean().describe('Scores and logs, never answers.'),
  sha256: z.string(),
  uri: z.string(),
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

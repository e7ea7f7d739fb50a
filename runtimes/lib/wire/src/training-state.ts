import { z } from 'zod';

const File = z.strictObject({ uri: z.string(), sha256: z.string() });

/** A model that was published, with the native one beside it, where it is one of trees. */
const PublishedArtifact = File.extend({
  explainer: File.optional(),
  secret: z.string().optional().describe('The Secret for an S3-compatible store.'),
  endpoint: z.string().optional(),
  region: z.string().optional(),
});

/** What one run of a trainer came to. */
const TrainingRun = z.strictObject({
  at: z.number().int().describe('When it ended, ms.'),
  result: z.enum(['Published', 'Refused']),
  message: z.string(),
  rows: z.number().int(),
  positives: z.number().int(),
  auc: z.number().nullable().describe('On the held-out rows; null where they have one class only.'),
  artifact: PublishedArtifact.optional().describe('Absent where nothing was published.'),
});

/**
 * What a trainer in a cluster knows from one run to the next: it is in a ConfigMap, under `training.json`. The trainer
 * writes it, the operator reads it.
 */
export const TrainingState = z.strictObject({
  run: TrainingRun,
  /** In force instead of what the resource names, by variant. */
  proposed: z.record(z.string(), PublishedArtifact),
  /** Published, and not proposed yet. */
  candidate: PublishedArtifact.optional(),
});
export type TrainingState = z.output<typeof TrainingState>;

export const trainingStateKey = 'training.json';

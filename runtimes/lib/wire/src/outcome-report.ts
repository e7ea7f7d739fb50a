import { z } from 'zod';

/** What somebody says became of a post, for an outcome that the pipeline declares as `reported`. */
export const OutcomeReport = z.strictObject({
  /** Name of the outcome. */
  outcome: z.string().min(1).max(63),
  post_id: z.string().min(1).max(512),
  /** The newest counts. */
  value: z.number(),
  /** When it was so, event time in ms; absent: now. */
  at: z.number().int().optional(),
  /** Absent: as the post says, where it was scored. */
  author_id: z.string().min(1).max(512).optional(),
});

/** `POST /v1/outcomes`. */
export const OutcomeReports = z.strictObject({ reports: z.array(OutcomeReport).min(1).max(1000) });

export type OutcomeReport = z.output<typeof OutcomeReport>;

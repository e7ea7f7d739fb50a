import { z } from 'zod';

/** What somebody says became of a post, for an outcome that the pipeline declares as `reported`. */
export const OutcomeReport = z.strictObject({
  outcome: z.string().min(1).max(63).describe('Name of the outcome.'),
  post_id: z.string().min(1).max(512),
  value: z.number().describe('The newest counts.'),
  at: z.number().int().optional().describe('When it was so, event time in ms; absent: now.'),
  author_id: z.string().min(1).max(512).optional().describe('Absent: as the post says, where it was scored.'),
});

/** `POST /v1/outcomes`. */
export const OutcomeReports = z.strictObject({ reports: z.array(OutcomeReport).min(1).max(1000) });

export type OutcomeReport = z.output<typeof OutcomeReport>;

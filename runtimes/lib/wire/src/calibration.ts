import { z } from 'zod';

/** Bins of scores, of equal width. */
export const scoreBins = 10;

/** The bin of a probability; the last one has 1, too. */
export const binOf = (score: number): number => Math.min(scoreBins - 1, Math.max(0, Math.floor(score * scoreBins)));

/** Posts whose label matured, by the bins of the scores that an artifact gave them; each counts once in a bin. */
export const Calibration = z.strictObject({
  posts: z.array(z.number().int()).length(scoreBins),
  positives: z.array(z.number().int()).length(scoreBins),
});
export type Calibration = z.output<typeof Calibration>;

/** What became of posts that once had such a score. */
export const ScoreRecord = z.strictObject({
  from: z.number().describe('Scores from here'),
  to: z.number().describe('to here.'),
  posts: z.number().int().describe('That had such a score by the same model file, and whose label has matured.'),
  positives: z.number().int().describe('Of them, those that became what the model predicts.'),
  low: z.number().describe('Lower end of the 95% interval of their share (Wilson).'),
  high: z.number().describe('Upper end.'),
});
export type ScoreRecord = z.output<typeof ScoreRecord>;

/** What became of a post. */
export const PostOutcome = z.strictObject({
  outcome: z.string().describe('Its name.'),
  positive: z.boolean(),
  value: z.number().describe('What was counted, or the figure.'),
  matured_at: z.number().int().describe('Event time, ms.'),
});
export type PostOutcome = z.output<typeof PostOutcome>;

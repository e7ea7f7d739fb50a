import { z } from 'zod';
import { Reason } from './http.ts';

const value = z.number().nullable();

/** `POST /v1/predictions/{id}/what-if`. */
export const WhatIfRequest = z.strictObject({
  changes: z.record(z.string(), value).describe('By feature of the model: what it is set to; null: missing.'),
});
export type WhatIfRequest = z.output<typeof WhatIfRequest>;

/** How a post would score if features of its newest vector were others. */
export const WhatIf = z.strictObject({
  model: z.string(),
  post_id: z.string(),
  variant: z.string().describe('That answers for the post now, and gave both scores.'),
  scored_at: z.number().int().describe('The moment that the vector stands for, event time in ms.'),
  before: z.number().describe('Score of the vector as it was logged.'),
  score: z.number().describe('Score with the changes.'),
  features: z
    .array(z.strictObject({ name: z.string(), value, what_if: value.describe('With the changes.') }))
    .describe('In the order of the vector.'),
  why: z.array(Reason).describe('For the score with the changes.'),
});
export type WhatIf = z.output<typeof WhatIf>;

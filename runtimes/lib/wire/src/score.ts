import { z } from 'zod';
import { Reason } from './http.ts';
import { SocialEvent } from './social-event.ts';

/** Posts of one request, at most. */
const most = 10_000;

/** `POST /v1/score` of a scorer: scores posts by their ids, or by what was just posted, instead of by vectors. */
export const ScoreRequest = z.strictObject({
  /** May be left out where one model is served. */
  model: z.string().optional(),
  /** Posts that the stream has scored before. */
  post_ids: z.array(z.string().min(1).max(512)).max(most).optional(),
  /** Events of posts, as they are on the topic; the post need not be known. */
  events: z
    .array(SocialEvent.partial({ id: true, ingested_at: true, source: true }))
    .max(most)
    .optional(),
  /** Posts that the stream has scored before, as if they had these vectors, in the order of the model's feature list. */
  as_if: z
    .array(z.strictObject({ post_id: z.string().min(1).max(512), vector: z.array(z.number().nullable()).max(most) }))
    .max(most)
    .optional(),
  /** The moment that is asked about, event time in ms. Absent: how far the stream is. */
  at: z.number().int().optional(),
  /** Whether to say why, of 100 posts at most. */
  why: z.boolean().optional(),
  /** Also tells the vectors that were scored. */
  vectors: z.boolean().optional(),
});

export const PostScore = z.strictObject({
  post_id: z.string(),
  /** Probability; null where there is none, `problem` says why. */
  score: z.number().nullable(),
  variant: z.string().optional(),
  /** sha256 of the ONNX file. */
  digest: z.string().optional(),
  age_ms: z.number().int().optional(),
  /** Where it was asked for: strongest first, as many as the resource says. */
  why: z.array(Reason).readonly().optional(),
  /** In the order of the model's feature list. null stands for NaN (missing). */
  vector: z.array(z.number().nullable()).optional(),
  problem: z.string().optional(),
});

export const ScoreResponse = z.strictObject({
  model: z.string(),
  at: z.number().int(),
  /** Those of `post_ids`, of `events` and of `as_if`, in their order. */
  scores: z.array(PostScore),
});

export type ScoreRequest = z.output<typeof ScoreRequest>;
export type PostScore = z.output<typeof PostScore>;
export type ScoreResponse = z.output<typeof ScoreResponse>;

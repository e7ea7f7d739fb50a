import { z } from 'zod';
import { PostOutcome, ScoreRecord } from './calibration.ts';
import { Prediction } from './topics.ts';

/** One reason for a score, strongest first: a feature of the model and what it says of this post. */
export const Reason = z.strictObject({
  feature: z.string(),
  value: z.number().nullable(),
  effect: z
    .number()
    .describe(
      'What the feature adds to the score, in probability: exactly where the model has an explainer, else how far the score falls when it is set to its default.',
    ),
  text: z.string(),
});

/** One point of a score's history: event time in ms, probability. */
export const ScoreAt = z.strictObject({ at: z.number().int(), score: z.number() });

/** A row of the top N, as the API, the UI and the terminal show it. */
export const TopPost = z.strictObject({
  rank: z.number().int().min(1),
  post_id: z.string(),
  author_id: z.string(),
  author_name: z.string().optional(),
  text: z.string().optional(),
  tags: z.array(z.string()).optional(),
  score: z.number(),
  score_record: ScoreRecord.nullable().describe(
    'What became of posts that had such a score: how sure the score is. null before labels have matured.',
  ),
  outcome: PostOutcome.nullable().describe('What became of this post; null until its label has matured.'),
  history: z.array(ScoreAt).describe('Newest last: at most 60 scores for a sparkline.'),
  posted_at: z.number().int(),
  age_ms: z.number().int().min(0),
  reposts: z.number().int().min(0),
  model: z.string(),
  variant: z.string(),
  why: z.array(Reason),
});

export const TopPosts = z.strictObject({
  model: z.string(),
  at: z.number().int().describe('Event time up to which the list speaks, ms.'),
  posts: z.array(TopPost),
  next_cursor: z.string().nullable().describe('What to pass as `cursor` for the next ones; null at the end.'),
});

/** Engagement in one slice of time, for the heatmap. */
export const HeatmapCell = z.strictObject({
  start: z.number().int(),
  end: z.number().int(),
  values: z.record(z.string(), z.number()).describe('By aggregation of the window.'),
  groups: z
    .record(z.string(), z.record(z.string(), z.number()))
    .optional()
    .describe('By topK of the window: its most frequent values, and how often each came.'),
});
export const Heatmap = z.strictObject({ window: z.string(), cells: z.array(HeatmapCell) });

/** RFC 9457. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
});

export type Reason = z.output<typeof Reason>;
export type TopPost = z.output<typeof TopPost>;
export type TopPosts = z.output<typeof TopPosts>;
export type HeatmapCell = z.output<typeof HeatmapCell>;
export type Heatmap = z.output<typeof Heatmap>;
export type Problem = z.output<typeof Problem>;

/** What is kept of a post to show it beside its score. */
export const PostCard = z.strictObject({
  post_id: z.string(),
  author_id: z.string(),
  author_name: z.string().optional(),
  text: z.string().optional(),
  tags: z.array(z.string()).optional(),
  posted_at: z.number().int(),
});
export type PostCard = z.output<typeof PostCard>;

/** Everything that is known of one post's scores: `GET /v1/predictions/{id}`. */
export const PostPredictions = z.strictObject({
  model: z.string(),
  post_id: z.string(),
  post: PostCard.optional().describe('Absent where it has expired before its predictions.'),
  reposts: z.number().int().min(0),
  /** The newest prediction of each variant, by the variant's name; shadows too. */
  predictions: z.array(Prediction),
  score_record: ScoreRecord.nullable().describe(
    'What became of posts that had such a score as the newest that answers: how sure it is. null before labels have matured.',
  ),
  outcome: PostOutcome.nullable().describe('What became of this post; null until its label has matured.'),
  history: z.array(ScoreAt).describe('Newest last.'),
  why: z.array(Reason).describe('Empty for posts that are not in the top.'),
});
export type ScoreAt = z.output<typeof ScoreAt>;
export type PostPredictions = z.output<typeof PostPredictions>;

/** The newest values of one key of a window: `GET /v1/features/{window}/{key}`. */
export const FeatureValues = z.strictObject({
  window: z.string(),
  key: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  values: z
    .record(z.string(), z.union([z.number(), z.string(), z.array(z.unknown()), z.null()]))
    .describe('By aggregation. null: nothing was there.'),
  end: z.number().int().nullable().describe('End of the window that they are of, ms.'),
  watermark: z.number().int().nullable().describe('How far event time has come in the window, ms; null: not known.'),
});
export type FeatureValues = z.output<typeof FeatureValues>;

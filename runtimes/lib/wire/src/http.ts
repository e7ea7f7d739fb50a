import { z } from 'zod';
import { Prediction } from './topics.ts';

/** One reason for a score, strongest first: a feature of the model and what it says of this post. */
export const Reason = z.strictObject({
  feature: z.string(),
  value: z.number().nullable(),
  /** What the feature adds to the score, in probability: exactly where the model has an explainer, else how far the score falls when it is set to its default. */
  effect: z.number(),
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
  /** Newest last: at most 60 scores for a sparkline. */
  history: z.array(ScoreAt),
  posted_at: z.number().int(),
  age_ms: z.number().int().min(0),
  reposts: z.number().int().min(0),
  model: z.string(),
  variant: z.string(),
  why: z.array(Reason),
});

export const TopPosts = z.strictObject({
  model: z.string(),
  /** Event time up to which the list speaks, ms. */
  at: z.number().int(),
  posts: z.array(TopPost),
});

/** Engagement in one slice of time, for the heatmap. */
export const HeatmapCell = z.strictObject({
  start: z.number().int(),
  end: z.number().int(),
  values: z.record(z.string(), z.number()),
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
  /** Absent where it has expired before its predictions. */
  post: PostCard.optional(),
  reposts: z.number().int().min(0),
  /** The newest prediction of each variant, by the variant's name; shadows too. */
  predictions: z.array(Prediction),
  /** Newest last. */
  history: z.array(ScoreAt),
  /** Empty for posts that are not in the top. */
  why: z.array(Reason),
});
export type ScoreAt = z.output<typeof ScoreAt>;
export type PostPredictions = z.output<typeof PostPredictions>;

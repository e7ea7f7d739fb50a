import type { PostCard, Prediction, SocialEvent } from '@groundswell/wire';
import type { Answer } from '../models/serving.ts';
import type { ScoreEffect } from './schedule.ts';
import type { Scored } from './score-posts.ts';

/** One line of the prediction log for each score; where no variant answers, one with the vector alone. */
export const predictionsOf = (model: string, scored: Scored, now: number): readonly Prediction[] => {
  const { answer, shadows } = scored;
  const vector = Array.from(scored.vector, orNull);
  return [answer, ...shadows].map((each) => predictionOf(model, scored.effect, { answer: each, now, vector }));
};

interface Given {
  readonly answer: Answer | undefined;
  readonly now: number;
  readonly vector: (number | null)[];
}

const predictionOf = (model: string, effect: ScoreEffect, { answer, now, vector }: Given): Prediction => {
  const { post, trigger, at, ingestedAt } = effect;
  const { event } = post;
  return {
    model,
    variant: answer?.variant ?? '',
    digest: answer?.digest ?? '',
    shadow: answer?.shadow ?? false,
    post_id: event.post_id,
    author_id: event.author_id,
    posted_at: event.at,
    scored_at: at,
    age_ms: at - event.at,
    trigger,
    score: answer === undefined ? null : orNull(answer.score),
    vector,
    latency_ms: ingestedAt === undefined ? null : Math.max(0, now - ingestedAt),
  };
};

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** What is kept of a post to show it. */
export const cardOf = ({ post_id, author_id, user, text, tags, at }: SocialEvent): PostCard => ({
  post_id,
  author_id,
  ...(user?.name === undefined ? {} : { author_name: user.name }),
  ...(text === undefined ? {} : { text }),
  ...(tags === undefined ? {} : { tags }),
  posted_at: at,
});

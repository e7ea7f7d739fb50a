import type { KeyValueBatch, OutRecord } from '@groundswell/stores';
import { encodeJson, keysOf, type Outcome, type Prediction, type Reason, TextRecord } from '@groundswell/wire';
import { cardOf, predictionsOf } from './predictions.ts';
import type { LivePost } from './schedule.ts';
import type { Scored } from './score-posts.ts';
import type { Top } from './top.ts';

/** Scores that a sparkline shows. */
const historyLength = 60;

export interface PublishOptions {
  readonly pipeline: string;
  readonly model: string;
  readonly top: Top;
  /** Event time from a post until it leaves the top, ms. */
  readonly topMaxAgeMs: number;
}

/** How results become keys of the store and records of the log. Queues on the batch that it is given; sends nothing. */
export interface Publisher {
  /** Answers the records for the predictions topic. */
  scored(
    batch: KeyValueBatch,
    scored: Scored,
    given: { readonly now: number; readonly ttlMs: number },
  ): readonly Logged[];
  /** The post was deleted by its author: nothing of it stays. */
  deleted(batch: KeyValueBatch, postId: string): void;
  /** The sorted set follows the top, and the reasons of what left it go. */
  top(batch: KeyValueBatch): void;
  why(batch: KeyValueBatch, postId: string, reasons: readonly Reason[]): void;
  /** Counts of posts that are shown, where they changed since they were written. */
  reposts(batch: KeyValueBatch, post: LivePost): boolean;
}

/** A prediction, and the record that carries it. */
export interface Logged {
  readonly prediction: Prediction;
  readonly record: OutRecord;
  /** Wall time, ms, of the event that caused it. */
  readonly ingestedAt: number | undefined;
}

/** A prediction as JSON. Writing a vector's digits takes longest, and all variants of a score have the same one. */
const textOf = ({ vector: _, ...rest }: Prediction, vector: string): string =>
  `${JSON.stringify(rest).slice(0, -1)},"vector":${vector}}`;

export const createPublisher = ({ pipeline, model, top, topMaxAgeMs }: PublishOptions): Publisher => {
  const keys = keysOf(pipeline);
  const topKey = keys.top(model);
  const whyKey = keys.why(model);
  const written = new WeakMap<LivePost, number>();

  const writePost = (batch: KeyValueBatch, post: LivePost, ttlMs: number): void => {
    const key = keys.post(post.event.post_id);
    const reposts = String(post.reposts);
    if (written.has(post)) batch.hashSet(key, { reposts });
    else {
      // The whole event, too: whoever asks for a score by the id of the post needs what its features read of it.
      const event = JSON.stringify(post.event);
      batch.hashSet(key, { card: JSON.stringify(cardOf(post.event)), reposts, event });
    }
    batch.expire(key, ttlMs);
    written.set(post, post.reposts);
  };
  const writeAnswer = (
    batch: KeyValueBatch,
    { effect: { post, at } }: Scored,
    given: { score: number; ttlMs: number },
  ): void => {
    const { post_id: postId, at: postedAt } = post.event;
    const key = keys.history(model, postId);
    batch.listPush(key, [JSON.stringify({ at, score: given.score })], historyLength);
    batch.expire(key, given.ttlMs);
    writePost(batch, post, given.ttlMs);
    if (at - postedAt < topMaxAgeMs) top.put(postId, given.score);
  };

  return {
    scored: (batch, scored, { now, ttlMs }) => {
      const key = keys.prediction(model, scored.effect.post.event.post_id);
      const predictions = predictionsOf(model, scored, now);
      const vector = JSON.stringify(predictions[0]?.vector);
      return predictions.map((prediction) => {
        const text = textOf(prediction, vector);
        if (prediction.score !== null) {
          batch.hashSet(key, { [prediction.variant]: text });
          batch.expire(key, ttlMs);
          if (!prediction.shadow) writeAnswer(batch, scored, { score: prediction.score, ttlMs });
        }
        const { post_id, scored_at } = prediction;
        const { ingestedAt } = scored.effect;
        return {
          prediction,
          ingestedAt,
          record: new TextRecord(prediction, { key: post_id, text, timestamp: scored_at }),
        };
      });
    },
    deleted: (batch, postId) => {
      batch.delete(keys.post(postId));
      batch.delete(keys.prediction(model, postId));
      batch.delete(keys.history(model, postId));
      top.remove(postId);
    },
    top: (batch) => {
      const { put, removed } = top.drain();
      if (put.length > 0)
        batch.sortedAdd(
          topKey,
          put.map(({ postId, score }) => ({ member: postId, score })),
        );
      if (removed.length === 0) return;
      batch.sortedRemove(topKey, removed);
      batch.hashDelete(whyKey, removed);
    },
    why: (batch, postId, reasons) => batch.hashSet(whyKey, { [postId]: JSON.stringify(reasons) }),
    reposts: (batch, post) => {
      if (written.get(post) === post.reposts) return false;
      batch.hashSet(keys.post(post.event.post_id), { reposts: String(post.reposts) });
      written.set(post, post.reposts);
      return true;
    },
  };
};

export const outcomeRecord = (outcome: Outcome): OutRecord => ({
  key: outcome.post_id,
  value: encodeJson(outcome),
  timestamp: outcome.matured_at,
});

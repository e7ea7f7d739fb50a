import { traceHeader } from '@groundswell/process';
import type { KeyValueBatch, OutRecord } from '@groundswell/stores';
import {
  encodeJson,
  keysOf,
  LateText,
  type Outcome,
  outcomeField,
  type PostOutcome,
  type Prediction,
  type Reason,
  stampsHeader,
  stampsText,
  TextRecord,
} from '@groundswell/wire';
import type { CalibrationBook } from './calibration.ts';
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
  /** Records say when the stages before them were done. */
  readonly isStamped: boolean;
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
  /** What became of a post, beside what is shown of it for as long as that is. */
  outcome(batch: KeyValueBatch, outcome: Outcome, ttlMs: number): void;
  /** What scores came to, where that changed. */
  calibration(batch: KeyValueBatch, drained: ReturnType<CalibrationBook['drain']>): void;
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
const textOf = ({ vector: _, ...rest }: Prediction, vector: LateText): string =>
  `${JSON.stringify(rest).slice(0, -1)},"vector":${vector}}`;

/** Of a post, as it is shown. The whole event, too: whoever asks for a score by the id of the post needs what its features read of it. */
const postFields: readonly string[] = ['card', 'reposts', 'event'];

export const createPublisher = ({ pipeline, model, top, topMaxAgeMs, isStamped }: PublishOptions): Publisher => {
  const keys = keysOf(pipeline);
  const topKey = keys.top(model);
  const whyKey = keys.why(model);
  /** By variant, the field of its predictions: the same array each time. */
  const fields = new Map<string, readonly string[]>();
  const fieldOf = (variant: string): readonly string[] => {
    const known = fields.get(variant) ?? [variant];
    fields.set(variant, known);
    return known;
  };

  /** Answers whether there was something to write. */
  const writePost = (batch: KeyValueBatch, post: LivePost): boolean => {
    const { event, reposts, shown: before } = post;
    if (before?.[1] === reposts) return false;
    const card = before?.[0] ?? new LateText(() => JSON.stringify(cardOf(event)));
    const values = [card, reposts, before?.[2] ?? new LateText(() => JSON.stringify(event))];
    batch.hashRow(keys.post(event.post_id), { names: postFields, values, before });
    post.shown = values;
    return true;
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
    writePost(batch, post);
    batch.expire(keys.post(postId), given.ttlMs);
    if (at - postedAt < topMaxAgeMs) top.put(postId, given.score);
  };

  return {
    scored: (batch, scored, { now, ttlMs }) => {
      const key = keys.prediction(model, scored.effect.post.event.post_id);
      const predictions = predictionsOf(model, scored, now);
      const vector = new LateText(() => JSON.stringify(predictions[0]?.vector));
      const { stamps, traceparent } = scored;
      const headers = {
        ...(isStamped && { [stampsHeader]: stampsText(stamps) }),
        ...(traceparent !== undefined && { [traceHeader]: traceparent }),
      };
      return predictions.map((prediction) => {
        const text = new LateText(() => textOf(prediction, vector));
        if (prediction.score !== null) {
          batch.hashRow(key, { names: fieldOf(prediction.variant), values: [text] });
          batch.expire(key, ttlMs);
          if (!prediction.shadow) writeAnswer(batch, scored, { score: prediction.score, ttlMs });
        }
        const { post_id, scored_at } = prediction;
        const { ingestedAt } = scored.effect;
        return {
          prediction,
          ingestedAt,
          record: new TextRecord(prediction, { key: post_id, text, timestamp: scored_at, headers }),
        };
      });
    },
    deleted: (batch, postId) => {
      batch.delete(keys.post(postId));
      batch.delete(keys.prediction(model, postId));
      batch.delete(keys.history(model, postId));
      top.remove(postId);
    },
    outcome: (batch, { outcome, post_id, posted_at, positive, value, matured_at }, ttlMs) => {
      // What is shown is kept for so long after its last score: of older ones nobody asks.
      if (matured_at - posted_at >= ttlMs) return;
      const told: PostOutcome = { outcome, positive, value, matured_at };
      batch.hashSet(keys.post(post_id), { [outcomeField(outcome)]: JSON.stringify(told) });
      batch.expire(keys.post(post_id), ttlMs);
    },
    calibration: (batch, { changed, gone }) => {
      const texts = Object.entries(changed).map(([digest, of]) => [digest, JSON.stringify(of)] as const);
      if (texts.length > 0) batch.hashSet(keys.calibration(model), Object.fromEntries(texts));
      if (gone.length > 0) batch.hashDelete(keys.calibration(model), gone);
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
    reposts: writePost,
  };
};

export const outcomeRecord = (outcome: Outcome): OutRecord => ({
  key: outcome.post_id,
  value: encodeJson(outcome),
  timestamp: outcome.matured_at,
});

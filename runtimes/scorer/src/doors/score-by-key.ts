import type { FeatureSet } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import {
  keysOf,
  type PostScore,
  type Reason,
  type ScoreRequest,
  type ScoreResponse,
  SocialEvent,
} from '@groundswell/wire';
import type { Answer, Serving } from '../models/serving.ts';
import { invalid } from '../oip/status.ts';
import type { Explained } from '../stream/explain.ts';
import type { Stream } from '../stream/start-stream.ts';
import { createVectors } from '../vectors.ts';
import type { RequestContext } from './context.ts';
import { mostExplained, type ReasonsOf } from './why.ts';

/** Scores by key: features are put together here, as the stream does it, and scored. @throws ProtocolError */
export type ScoreByKey = (
  request: ScoreRequest,
  context: RequestContext & { readonly deadline: number },
) => Promise<ScoreResponse>;

export interface ScoreByKeyOptions {
  readonly program: () => ScorerProgram;
  readonly set: FeatureSet;
  readonly serving: Serving;
  readonly keyValue: KeyValue;
  /** How far the stream is, event time in ms. */
  readonly now: () => number;
  readonly explain: Stream['explain'];
}

/** A post that is asked about; without an event where nobody knows it. */
interface Asked {
  readonly postId: string;
  readonly event: SocialEvent | undefined;
  /** That it is scored by, where it is not its own. */
  readonly vector?: Vector;
}

type Vector = NonNullable<ScoreRequest['as_if']>[number]['vector'];

export const createScoreByKey = ({ program, set, serving, keyValue, now, explain }: ScoreByKeyOptions): ScoreByKey => {
  const { pipeline, model, routing } = program();
  const vectors = createVectors({ pipeline, set, keyValue });
  const keys = keysOf(pipeline);

  const known = async (postIds: readonly string[]): Promise<readonly Asked[]> => {
    if (postIds.length === 0) return [];
    const batch = keyValue.batch();
    const replies = postIds.map((postId) => batch.hashGet(keys.post(postId), ['event']));
    await batch.run();
    return postIds.map((postId, i) => ({ postId, event: eventIn(replies[i]?.value()[0]) }));
  };

  return async (request, context) => {
    const { post_ids: postIds = [], events = [], as_if: asIf = [] } = request;
    const { at: wanted, why = false, vectors: tellsVectors = false } = request;
    checkAsIf(asIf, set.width);
    const [ofIds, ofVectors] = await Promise.all([known(postIds), known(asIf.map((each) => each.post_id))]);
    const asked: readonly Asked[] = [
      ...ofIds,
      ...events.map((event) => ({ postId: event.post_id, event: whole(event) })),
      ...ofVectors.map((post, i) => ({ ...post, vector: asIf[i]?.vector ?? [] })),
    ];
    if (asked.length === 0)
      throw invalid('Cannot score: the request names no posts, post_ids, events or as_if are needed');
    if (why && asked.length > mostExplained)
      throw invalid(`Cannot say why: the request names ${asked.length} posts, ${mostExplained} at most are explained`);
    const there = asked.filter(({ event }) => event !== undefined);
    const found = there.flatMap(({ event }) => event ?? []);
    const at = wanted ?? found.reduce((latest, event) => Math.max(latest, event.at), now());
    const rows = await vectors.read(found.map((event) => ({ event, at: Math.max(at, event.at) })));
    for (const [row, { vector }] of there.entries())
      if (vector !== undefined)
        rows.set(
          Float32Array.from(vector, (value) => value ?? Number.NaN),
          row * set.width,
        );
    const answers =
      found.length === 0
        ? []
        : await serving.ask(
            rows,
            found.map((event) => event[routing.key]),
            context,
          );
    const reasons = why ? await explain(explainedOf(rows, answers, set.width)) : undefined;
    let next = 0;
    const scores = asked.map(({ postId, event }): PostScore => {
      if (event === undefined) return unknown(postId);
      const row = next++;
      const answered = { answer: answers[row], why: reasons?.get(String(row)) };
      const score = scoreOf(event, Math.max(at, event.at), answered);
      return tellsVectors ? { ...score, vector: vectorIn(rows, row, set.width) } : score;
    });
    return { model, at, scores };
  };
};

const unknown = (postId: string): PostScore => ({
  post_id: postId,
  score: null,
  problem: 'Cannot score the post: it was never scored here, or it expired; send its event',
});

/** @throws ProtocolError for a vector that is not one of the model */
const checkAsIf = (asIf: NonNullable<ScoreRequest['as_if']>, width: number): void => {
  const wrong = asIf.find(({ vector }) => vector.length !== width);
  if (wrong !== undefined)
    throw invalid(
      `Cannot score post "${wrong.post_id}" as if: the vector has ${wrong.vector.length} values, ${width} are needed`,
    );
};

/** Why a variant scores rows so, wherever they come from. */
export const createReasons =
  ({ set: { width }, serving, explain }: Pick<ScoreByKeyOptions, 'set' | 'serving' | 'explain'>): ReasonsOf =>
  async (variant, rows) => {
    const scores = await serving.scoreBy(variant, rows);
    const answers = Array.from(scores ?? [], (score) => ({ variant, score }));
    const reasons = await explain(explainedOf(rows, answers, width));
    return Array.from({ length: rows.length / width }, (_, row) => reasons.get(String(row)) ?? []);
  };

/** Those of which there is something to explain, by their rows: a post may be asked about twice. */
const explainedOf = (
  rows: Float32Array,
  answers: readonly Pick<Answer, 'variant' | 'score'>[],
  width: number,
): readonly Explained[] =>
  answers.flatMap(({ variant, score }, i): Explained[] => {
    if (Number.isNaN(score)) return [];
    return [{ postId: String(i), variant, score, vector: rows.subarray(i * width, (i + 1) * width) }];
  });

const scoreOf = (
  { post_id, at: postedAt }: SocialEvent,
  at: number,
  { answer, why }: { readonly answer: Answer | undefined; readonly why: readonly Reason[] | undefined },
): PostScore => {
  const { score = Number.NaN, variant = '', digest = '' } = answer ?? {};
  const about = { post_id, variant, digest, age_ms: at - postedAt };
  if (!Number.isNaN(score)) return { ...about, score, ...(why !== undefined && { why }) };
  return { ...about, score: null, problem: 'Cannot score the post: the model gave no probability' };
};

const vectorIn = (rows: Float32Array, row: number, width: number): (number | null)[] =>
  Array.from(rows.subarray(row * width, (row + 1) * width), (value) => (Number.isNaN(value) ? null : value));

/** With what a client need not say of a post. */
const whole = (event: NonNullable<ScoreRequest['events']>[number]): SocialEvent => {
  const { id = event.post_id, source = 'request', ingested_at = event.at } = event;
  if (id === event.id && source === event.source && ingested_at === event.ingested_at) return event as SocialEvent;
  return { ...event, id, source, ingested_at };
};

/** What was written by another version may not parse: then nobody knows the post. */
const eventIn = (text: string | undefined): SocialEvent | undefined => {
  if (text === undefined) return undefined;
  const parsed = SocialEvent.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
};

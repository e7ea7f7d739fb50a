import type { RecommendProgram } from '@groundswell/graph';
import { ProblemError, problemResponse } from '@groundswell/http';
import type { KeyValue } from '@groundswell/stores';
import { NewInterests, type Recommendations, RecommendRequest, recommendKeysOf } from '@groundswell/wire';
import type { z } from 'zod';
import { blendSaid } from '../learning/blend-weights.ts';
import type { Recorder } from '../learning/record.ts';
import type { RecommendMetrics } from '../metrics.ts';
import { recommendInTime } from '../ranking/in-time.ts';
import { reasonOf } from '../ranking/reason.ts';
import type { Made, Recommending } from '../ranking/recommending.ts';
import { sightOf } from '../ranking/rules.ts';
import { bodyOf } from './body.ts';
import { createAnswerCache } from './cache.ts';

/** Answers requests for recommendations, whoever brings them. */
export type Door = (request: Request) => Promise<Response>;

interface DoorOptions {
  readonly recommending: Recommending;
  readonly recorder: Recorder;
  readonly metrics: RecommendMetrics;
  /** Wall time, ms. */
  readonly now: () => number;
}

type Asked = z.output<typeof RecommendRequest>;

export const createDoor = ({ recommending, recorder, metrics, now }: DoorOptions): Door => {
  const { program, keyValue, logger } = recommending;
  const cache = createAnswerCache<Made>({ program, now, isSound: ({ fallbacks }) => fallbacks.length === 0 });

  const recommend = async (request: Request): Promise<Response> => {
    const startedAt = performance.now();
    const asked = await bodyOf(request, RecommendRequest);
    const wanted = wantedOf(asked, program());
    const actedAt = await actedAtOf(keyValue, program(), asked.user_id);
    const key = JSON.stringify([asked.user_id, asked.limit, asked.item_ids]);
    const { value, cached } = await cache.get(key, actedAt, () => recommendInTime(recommending, wanted));
    if (!cached) recorder.record(value);
    const { fallbacks, asking, entries } = value;
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.answered({ seconds, cached, cold: asking.cold, fallbacks, items: entries.length });
    return json(answerOf(value, { recommending, cached, asked }));
  };
  const putInterests = async (request: Request): Promise<Response> => {
    const { user_id, tags } = await bodyOf(request, NewInterests);
    const { pipeline, recommender } = program();
    const batch = keyValue.batch();
    // As after an action: what was made before is void.
    const fields = { interests: JSON.stringify([...new Set(tags)]), acted: String(now()) };
    batch.hashSet(recommendKeysOf(pipeline, recommender).user(user_id), fields);
    await batch.run();
    return new Response(null, { status: 204 });
  };
  return async (request) => {
    try {
      return await route(request, { recommend, putInterests });
    } catch (err) {
      if (err instanceof ProblemError) {
        metrics.refused();
        return problemResponse(err);
      }
      logger.warn({ err }, 'cannot answer a request');
      return problemResponse(new ProblemError(503, 'Cannot answer: the store does not, try again in a few seconds'));
    }
  };
};

interface Handlers {
  readonly recommend: Door;
  readonly putInterests: Door;
}

const route = (request: Request, { recommend, putInterests }: Handlers): Promise<Response> => {
  const { method } = request;
  const { pathname } = new URL(request.url);
  const needs = (wanted: string): void => {
    if (method !== wanted)
      throw new ProblemError(405, `Cannot ${method} ${pathname}: it answers ${wanted} only, that is needed`);
  };
  if (pathname === '/v1/recommend') {
    needs('POST');
    return recommend(request);
  }
  if (pathname === '/v1/interests') {
    needs('PUT');
    return putInterests(request);
  }
  throw new ProblemError(404, `Cannot find ${pathname}: nothing is served there, /v1/recommend is`);
};

/** @throws ProblemError for what the resource does not allow */
const wantedOf = ({ user_id, item_ids, limit }: Asked, { limits, candidates }: RecommendProgram) => {
  if (limit !== undefined && limit > limits.topN)
    throw new ProblemError(400, `Cannot recommend ${limit} items: at most ${limits.topN} are allowed (limits.topN)`);
  if (item_ids !== undefined && item_ids.length > limits.candidates)
    throw new ProblemError(
      413,
      `Cannot rank ${item_ids.length} items: at most ${limits.candidates} are allowed at once (limits.candidates)`,
    );
  if (item_ids !== undefined && !candidates.some(({ source }) => source.kind === 'given'))
    throw new ProblemError(
      400,
      'Cannot rank the items of a request: the recommender takes none, a candidate source "given: {}" is needed',
    );
  return { user: user_id, items: item_ids, count: limit ?? limits.topN };
};

const actedAtOf = async (
  keyValue: KeyValue,
  { pipeline, recommender }: RecommendProgram,
  user: string,
): Promise<number | undefined> => {
  const batch = keyValue.batch();
  const reply = batch.hashGet(recommendKeysOf(pipeline, recommender).user(user), ['acted']);
  await batch.run();
  const [acted] = reply.value();
  return acted === undefined ? undefined : Number(acted);
};

const answerOf = (
  { id, asking, entries, variant, blend, fallbacks, unknown }: Made,
  { recommending, cached, asked }: { recommending: Recommending; cached: boolean; asked: Asked },
): Recommendations => {
  const { program, rules } = recommending;
  const { recommender, candidates } = program();
  const boosting = rules().boosting(sightOf(asking));
  return {
    ...{ recommender, user_id: asked.user_id, id, at: asking.at, variant: variant ?? null, cold: asking.cold, cached },
    fallbacks: [...fallbacks],
    ...blendSaid(blend),
    items: entries.map((entry, i) => ({
      rank: i + 1,
      item_id: entry.id,
      score: entry.score ?? null,
      reason: reasonOf(entry, asking, { candidates, boosts: boosting(entry) }),
    })),
    ...(asked.item_ids !== undefined && { unknown_items: [...unknown] }),
  };
};

const json = (value: unknown): Response =>
  new Response(JSON.stringify(value), {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });

import { suggest } from '@groundswell/cel';
import type { FeedView, RankerSettings, RankingSpec } from '../programs/index.ts';
import type { FeedReading, PartContext } from './context.ts';
import { hashTemplateOf, namesIn, resultsTopicOf } from './sinks.ts';

interface CompiledRanking {
  readonly view: NonNullable<FeedView['ranking']>;
  /** What keeps the rankings of followers; nothing where they are made on request. */
  readonly ranker: Pick<RankerSettings, 'results' | 'ranking'> | undefined;
}

/** How followed accounts are put in order; nothing where the resource does not say. */
export const compileRanking = (reading: FeedReading, context: PartContext): CompiledRanking | undefined => {
  const { ranking } = reading.spec;
  if (ranking === undefined) return undefined;
  const { windowRef, weights, expression, materialize, keep, postsPerAccount, maxPostAge, cacheTtl } = ranking;
  const weighed = Object.entries(weights ?? {});
  const window = context.windows.get(windowRef.name);
  if (window === undefined) return undefined;
  const aggregations = window.aggregations.map(({ name }) => name);
  for (const [name] of weighed)
    if (!aggregations.includes(name))
      reading.refuse(
        ['ranking', 'weights', name],
        `Cannot weigh ${JSON.stringify(name)}: the window "${windowRef.name}" has no such aggregation, ${suggest(name, aggregations)}`,
      );
  if (expression !== undefined) reading.expression(['ranking', 'expression'], expression, { variables: aggregations });
  const hash = hashTemplateOf(windowRef.name, window);
  if (window.key.join() !== 'author_id' || hash === undefined || namesIn(hash).join() !== 'author_id') {
    reading.refuse(
      ['ranking', 'windowRef'],
      `Cannot rank accounts by the window "${windowRef.name}": it has no hash for each account, one with "key: [author_id]" and a redis.hash sink is needed`,
    );
    return undefined;
  }
  const results = resultsTopicOf(context.name, windowRef.name, window);
  if (materialize === 'OnWrite' && results === undefined)
    reading.refuse(
      ['ranking', 'materialize'],
      `Cannot keep rankings by the window "${windowRef.name}": nothing says when it changes, the sink "topic: {}" is needed`,
    );
  const spec: RankingSpec = {
    hash,
    ...(expression === undefined
      ? {
          fields: weighed.map(([name]) => name),
          score: { kind: 'weights', weights: weighed.map(([, weight]) => weight) },
        }
      : { fields: aggregations, score: { kind: 'expression', expression } }),
  };
  return {
    view: {
      ...spec,
      ...{ keep, materialize, postsPerAccount, maxPostAgeMs: maxPostAge, cacheTtlMs: cacheTtl },
    },
    ranker: materialize === 'OnWrite' && results !== undefined ? { results, ranking: spec } : undefined,
  };
};

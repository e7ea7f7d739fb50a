import type { Recommender } from '@groundswell/crds';
import { topicsOf } from '@groundswell/wire';
import { eventEnvironment, rankingEnvironment } from '../environments.ts';
import type { Path } from '../problem.ts';
import type { CandidateSource, RecommendProgram, Topic } from '../programs/index.ts';
import type { PartContext, RecommenderReading } from './context.ts';
import { offlineStoreOf } from './offline-store.ts';
import { compileRules, userTagsOf } from './ranking-rules.ts';
import type { Unhashed } from './revision.ts';
import { hashTemplateOf, namesIn } from './sinks.ts';

type Spec = Recommender['spec'];

export const compileRecommender = (reading: RecommenderReading, context: PartContext): Unhashed<RecommendProgram> => {
  const { name, spec } = reading;
  checkDoors(reading, context);
  const { items, coldStart, feedback, cache, limits } = spec;
  const { share, until, priorSuccesses, priorFailures } = coldStart.items;
  const program = `recommend-${name}`;
  const names = topicsOf(context.name);
  return {
    kind: 'recommend',
    name: program,
    pipeline: spec.pipelineRef.name,
    recommender: name,
    events: context.topics.events,
    log: topicOf(names.recommendations(name), context),
    deadLetters: context.topics.deadLetters,
    items: { where: reading.expression(['items', 'where'], items.where, eventEnvironment), ttlMs: items.ttl },
    tags: userTagsOf(context),
    candidates: spec.candidates.flatMap((written, i) => {
      const source = sourceOf({ reading, context, path: ['candidates', i] }, written);
      const { name: source_name, limit } = written;
      return source === undefined ? [] : [{ name: source_name, limit, source }];
    }),
    model: modelOf(reading, context),
    ...blendOf(reading, context),
    rules: compileRules(reading, spec.rules, rankingEnvironment),
    coldStart: {
      minEvents: coldStart.minEvents,
      users: { ...coldStart.users },
      items: { share, until, prior: { successes: priorSuccesses, failures: priorFailures } },
    },
    feedback: {
      where: reading.expression(['feedback', 'where'], feedback.where, eventEnvironment),
      withinMs: feedback.within,
      logShare: feedback.logShare,
    },
    cache: { ttlMs: cache.ttl, maxUsers: cache.maxUsers },
    limits: {
      ...{ topN: limits.topN, candidates: limits.candidates },
      ...{ timeoutMs: limits.timeout, onTimeout: limits.onTimeout },
    },
  };
};

/** With as many partitions, and for as long, as the events. */
const topicOf = (name: string, { topics }: PartContext): Topic => ({ ...topics.events, name });

const checkDoors = ({ refuse }: RecommenderReading, { reading }: PartContext): void => {
  if (reading === undefined || reading.spec.api !== undefined) return;
  refuse(
    ['pipelineRef'],
    'Cannot run a recommender: requests come by the API and the pipeline has none, add "api: {}" to it',
  );
};

/** A user has one variant, so that the test is of users; and a pod must reach the scorer. */
const modelOf = (reading: RecommenderReading, { models }: PartContext): string => {
  const { rank } = reading.spec;
  const { name } = rank.modelRef;
  const model = models.get(name);
  const path: Path = ['rank', 'modelRef'];
  if (model !== undefined && model.routing.key !== 'user_id')
    reading.refuse(
      path,
      `Cannot rank by the model "${name}": its variants are shared out by ${model.routing.key}, "routing: { key: user_id }" is needed so that a user keeps a variant`,
    );
  if (model !== undefined && !model.serving.protocols.includes('Http'))
    reading.refuse(
      path,
      `Cannot rank by the model "${name}": it takes no requests over HTTP, add Http to its serving.protocols`,
    );
  return name;
};

const blendOf = (reading: RecommenderReading, context: PartContext): Pick<RecommendProgram, 'blend'> => {
  const { blend } = reading.spec.rank;
  if (blend === undefined) return {};
  const path: Path = ['rank', 'blend'];
  const { fixed, learned, storeRef, field, key } = blend;
  const checked = reading.expression([...path, 'key'], key, eventEnvironment);
  const store = offlineStoreOf(reading, context, { name: storeRef.name, path: [...path, 'storeRef', 'name'] });
  const weights = weightsOf({ fixed, learned });
  if (weights === undefined || store === undefined) return {};
  return { blend: { store, field, key: checked, weights } };
};

type BlendWeights = NonNullable<RecommendProgram['blend']>['weights'];

const weightsOf = ({
  fixed,
  learned,
}: Pick<NonNullable<Spec['rank']['blend']>, 'fixed' | 'learned'>): BlendWeights | undefined =>
  learned === undefined
    ? fixed && { kind: 'fixed', realTime: fixed.realTime, offline: fixed.offline }
    : { kind: 'learned', schedule: learned.schedule, minLabels: learned.minLabels };

interface SourceParts {
  readonly reading: RecommenderReading;
  readonly context: PartContext;
  readonly path: Path;
}

type Written = Spec['candidates'][number];

const sourceOf = (parts: SourceParts, written: Written): CandidateSource | undefined => {
  const { reading, path } = parts;
  const { given, hot, predicted, followed, similar, exploration } = written;
  if (given !== undefined) return { kind: 'given' };
  if (hot !== undefined) return hotOf(parts, hot);
  if (predicted !== undefined) return { kind: 'predicted', model: predicted.modelRef.name };
  if (followed !== undefined) {
    // There is one Feed of a pipeline, and it is known to be there.
    void followed.feedRef.name;
    return { kind: 'followed' };
  }
  if (similar !== undefined) return similarOf(parts, similar);
  if (exploration !== undefined) return { kind: 'exploration', maxAgeMs: exploration.maxAge };
  reading.notYet([...path, 'taste'], 'use other sources');
  return undefined;
};

/** What a window knows of the user, or the events; and what a store or the events know of items. */
const similarOf = (
  { reading, context, path }: SourceParts,
  { windowRef, field, storeRef, storeField }: NonNullable<Written['similar']>,
): CandidateSource | undefined => {
  const at: Path = [...path, 'similar'];
  const last = windowRef && lastOf({ reading, context, path: at }, windowRef.name, field ?? '');
  const spec = storeRef && offlineStoreOf(reading, context, { name: storeRef.name, path: [...at, 'storeRef', 'name'] });
  return {
    kind: 'similar',
    ...(last !== undefined && { last }),
    ...(spec !== undefined && { store: { spec, field: storeField } }),
  };
};

/** The hash in which a window keeps the last items of each user. */
const lastOf = ({ reading, context, path }: SourceParts, name: string, field: string) => {
  const window = context.windows.get(name);
  if (window === undefined) return undefined;
  const hash = hashTemplateOf(name, window);
  const isOfUser = window.key.join() === 'user_id' && hash !== undefined && namesIn(hash).join() === 'user_id';
  if (isOfUser && window.aggregations.some((one) => one.name === field && one.lastN !== undefined))
    return { hash, field };
  reading.refuse(
    [...path, isOfUser ? 'field' : 'windowRef'],
    `Cannot find what a user took last by "${field}" of the window "${name}": "key: [user_id]", a lastN "${field}" and a redis.hash sink are needed`,
  );
  return undefined;
};

/** The one sorted set with all items by that value. */
const hotOf = (
  { reading, context, path }: SourceParts,
  { windowRef, field }: NonNullable<Written['hot']>,
): CandidateSource | undefined => {
  const window = context.windows.get(windowRef.name);
  if (window === undefined) return undefined;
  const found = window.sinks
    .flatMap(({ redis }) => redis?.sortedSet ?? [])
    .find(({ key, member, score }) => score === field && member === '{post_id}' && namesIn(key).length === 0);
  if (window.key.join() === 'post_id' && found !== undefined) return { kind: 'hot', key: found.key };
  reading.refuse(
    [...path, 'hot', 'windowRef'],
    `Cannot find what is hot by "${field}" of the window "${windowRef.name}": it ranks no items by it, "key: [post_id]" and the sink redis: { sortedSet: { key: hot, member: "{post_id}", score: ${field} } } are needed`,
  );
  return undefined;
};

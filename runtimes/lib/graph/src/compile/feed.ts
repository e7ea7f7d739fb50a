import { topicsOf } from '@groundswell/wire';
import { feedEnvironment } from '../environments.ts';
import type { FeedProgram, FeedView, Topic } from '../programs/index.ts';
import type { FeedReading, PartContext } from './context.ts';
import { compileRanking } from './ranking.ts';
import { compileRules, userTagsOf } from './ranking-rules.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';

/** Where Hybrid draws the line, if nothing is said. */
const defaultMaxFollowers = 10_000;

export interface CompiledFeed {
  readonly saver: Unhashed<FeedProgram> | undefined;
  readonly fanOut: Unhashed<FeedProgram> | undefined;
  readonly ranker: Unhashed<FeedProgram> | undefined;
  readonly view: FeedView | undefined;
}

/** The consumer groups of a Feed, and what the API has to know of it. */
export const compileFeed = (reading: FeedReading, context: PartContext): CompiledFeed => {
  const { name, spec } = reading;
  const { mode, fanOut, timeline } = spec;
  checkApi(reading, context);
  const ranking = compileRanking(reading, context);
  const names = topicsOf(context.name);
  const posts = topicOf(names.posts, context);
  const base = (group: string) => ({
    kind: 'feed' as const,
    name: group,
    pipeline: spec.pipelineRef.name,
    feed: name,
    posts,
    deadLetters: context.topics.deadLetters,
  });
  const { shards, page, batch, maxPerAccount } = fanOut;
  const { length, ttl, refillPosts } = timeline;
  return {
    saver: {
      ...base(`feed-${name}-saver`),
      work: { kind: 'saver', ttlMs: spec.saver.ttl },
      ...retriesOf(spec.saver.deadLetters),
    },
    fanOut: {
      ...base(`feed-${name}`),
      ...retriesOf(fanOut.deadLetters),
      work: {
        kind: 'fanOut',
        jobs: topicOf(names.fanOut(name), context),
        mode,
        maxFollowers: spec.hybrid?.maxFollowers ?? defaultMaxFollowers,
        ...{ shards, page, batch, maxPerAccount, length },
      },
    },
    ranker: ranking?.ranker && {
      ...base(`feed-${name}-ranker`),
      work: { kind: 'ranker', shards, ...ranking.ranker },
    },
    view: {
      ...{ name, posts, events: context.topics.events, shards, mode, length, ttlMs: ttl, refillPosts },
      ...{ rules: rulesOf(reading), userTags: userTagsOf(context) },
      ...(ranking !== undefined && { ranking: ranking.view }),
    },
  };
};

const rulesOf = (reading: FeedReading) => {
  for (const [i, { boost }] of reading.spec.rules.entries())
    if (boost !== undefined)
      reading.notYet(['rules', i, 'boost'], 'a timeline has no scores, and those of ranking come by its expression');
  return compileRules(reading, reading.spec.rules, feedEnvironment);
};

/** With as many partitions, and for as long, as the events. */
const topicOf = (name: string, { topics }: PartContext): Topic => ({ ...topics.events, name });

const checkApi = ({ refuse }: FeedReading, { reading }: PartContext): void => {
  if (reading === undefined || reading.spec.api !== undefined) return;
  refuse(
    ['pipelineRef'],
    'Cannot run a feed: posts come and timelines go by the API and the pipeline has none, add "api: {}" to it',
  );
};

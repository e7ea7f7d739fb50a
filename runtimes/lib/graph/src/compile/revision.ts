import { contentHash } from '../content-hash.ts';
import { divideReader } from '../programs/divide-reader.ts';
import type {
  AlerterProgram,
  ApiProgram,
  FeedProgram,
  IngestProgram,
  Program,
  RecommendProgram,
  RolloutProgram,
  ScorerProgram,
  WindowProgram,
} from '../programs/index.ts';
import { valuesOf } from '../programs/value-reference.ts';

type OmitEach<P, K extends string> = P extends unknown ? Omit<P, K> : never;

/** A program before its revision is known. */
export type Unhashed<P extends Program = Program> = OmitEach<P, 'revision'>;

/**
 * Names the content of a program: `<what needs a restart>-<what is live>`, so that the first half tells whether two
 * revisions differ only in what a program takes while it runs.
 */
export const revisionOf = (program: Unhashed): string => {
  const { fixed, live } = divide(program);
  return `${contentHash(fixed)}-${contentHash(live)}`;
};

interface Divided {
  readonly fixed: unknown;
  readonly live: unknown;
}

/** What each kind of program takes while it runs, as its `update` has it, and the rest. */
const divide = (program: Unhashed): Divided => {
  switch (program.kind) {
    case 'ingest':
      return divideIngest(program);
    case 'window': {
      const parts = program.aggregations.map(divideAggregation);
      const { shape, limits } = program;
      const forgetBelow = shape.kind === 'decay' ? shape.forgetBelow : undefined;
      const sinks = program.sinks.map(divideSink);
      const { update, input, head, ...rest } = program;
      const definition = {
        shape: forgetBelow === undefined ? shape : { ...shape, forgetBelow: 0 },
        aggregations: parts.map(({ fixed }) => fixed),
        key: program.key,
        where: input.where,
      };
      // Flink and its state are made anew for another definition; our workers make a revision of it while they run.
      const isRemade = program.flink !== undefined;
      return {
        fixed: {
          ...rest,
          ...{ input: input.topic, shape: null, aggregations: null, key: null },
          ...(isRemade && { ...definition, head }),
          limits: limits?.maxBytes,
          sinks: sinks.map(({ fixed }) => fixed),
          tag: program.tag?.name,
        },
        live: [
          ...(isRemade ? [] : [definition, head]),
          update,
          ...parts.map(({ live }) => live),
          forgetBelow,
          ...(limits?.maxKeys === undefined ? [] : [limits.maxKeys]),
          ...sinks.map(({ live }) => live),
          program.tag?.keepMs,
        ],
      };
    }
    case 'scorer':
      return divideScorer(program);
    case 'rollout':
      return divideRollout(program);
    case 'alerter':
      return divideAlerter(program);
    case 'feed':
      return divideFeed(program);
    case 'recommend':
      return divideRecommend(program);
    case 'api':
      return divideApi(program);
    case 'trainer': {
      const { kind, name, pipeline, model, features, predictions, outcomes, outcome, ...live } = program;
      return { fixed: { kind, name, pipeline, model, features, predictions, outcomes, outcome }, live };
    }
  }
};

/** Weights, and what is computed of other values, are no state. */
const divideAggregation = (aggregation: Unhashed<WindowProgram>['aggregations'][number]): Divided => {
  switch (aggregation.kind) {
    case 'weightedSum':
      return { fixed: { ...aggregation, weights: {} }, live: aggregation.weights };
    case 'ratio':
    case 'expression':
      return { fixed: { name: aggregation.name }, live: aggregation };
    default:
      return { fixed: aggregation, live: {} };
  }
};

/** How much is kept there, and for how long. */
const divideSink = (sink: Unhashed<WindowProgram>['sinks'][number]): Divided => {
  const { ttlMs, keep, ...fixed } = { ttlMs: undefined, keep: undefined, ...sink };
  return { fixed, live: { ttlMs, keep } };
};

const divideIngest = ({ maxFutureMs, ...program }: Unhashed<IngestProgram>): Divided => {
  const { fixed: reader, live } = divideReader(program.source.reader);
  return { fixed: { ...program, source: { ...program.source, reader } }, live: { maxFutureMs, ...live } };
};

const divideRollout = (program: Unhashed<RolloutProgram>): Divided => {
  const { kind, name, pipeline, model, predictions, outcomes, deadLetters, decisions, ...live } = program;
  return { fixed: { kind, name, pipeline, model, predictions, outcomes, deadLetters, decisions }, live };
};

const divideAlerter = (program: Unhashed<AlerterProgram>): Divided => {
  const { kind, name, pipeline, predictions, alerts, deadLetters, decisions, outcomes, ...others } = program;
  const { stampLatency, traces, ...live } = others;
  const topics = { predictions, alerts, deadLetters, decisions, outcomes };
  // Pods mount the values that channels and webhooks refer to.
  return { fixed: { kind, name, pipeline, ...topics, stampLatency, traces, values: valuesOf(live) }, live };
};

const divideFeed = (program: Unhashed<FeedProgram>): Divided => {
  const { work, ...rest } = program;
  if (work.kind === 'saver') return { fixed: { ...rest, kind: work.kind }, live: work };
  if (work.kind === 'ranker') {
    const { kind, results, shards, ...live } = work;
    return { fixed: { ...rest, work: { kind, results, shards } }, live };
  }
  const { kind, jobs, shards, ...live } = work;
  return { fixed: { ...rest, work: { kind, jobs, shards } }, live };
};

const divideRecommend = (program: Unhashed<RecommendProgram>): Divided => {
  const { kind, name, pipeline, recommender, events, log, deadLetters, items, ...live } = program;
  const { ttlMs, ...fixedItems } = items;
  return {
    fixed: { kind, name, pipeline, recommender, events, log, deadLetters, items: fixedItems },
    live: { ...live, ttlMs },
  };
};

const divideApi = (program: Unhashed<ApiProgram>): Divided => {
  const { heatmap, models, windows, recommenders, feed, access, ...rest } = program;
  // Pods mount the values that it refers to.
  const fixed = { ...rest, values: valuesOf({ access, feed }) };
  const shown = { heatmap, models, windows, recommenders, access };
  if (feed === undefined) return { fixed, live: shown };
  const { name, posts, events, shards, ...live } = feed;
  return { fixed: { ...fixed, feed: { name, posts, events, shards } }, live: { ...shown, feed: live } };
};

const divideScorer = (program: Unhashed<ScorerProgram>): Divided => {
  const { variants, routing, batching, serving, explanations, drift, ttlMs, onChange, top, ...rest } = program;
  const { deadlineMs, maxQueue, maxBodyBytes, ...doors } = serving;
  return {
    fixed: { ...rest, doors, key: routing.key, untilMs: onChange?.untilMs, maxAgeMs: top.maxAgeMs },
    live: {
      ...{ variants, salt: routing.salt, batching, ttlMs, throttleMs: onChange?.throttleMs, size: top.size },
      ...{ deadlineMs, maxQueue, maxBodyBytes, explanations, drift },
    },
  };
};

import type { FeatureWindow, Feed, Recommender, ScoringModel, ViralityPipeline } from '@groundswell/crds';
import { topicsOf } from '@groundswell/wire';
import type { Topic } from '../programs/index.ts';
import type { Reading } from './reading.ts';

export type PipelineReading = Reading<ViralityPipeline['spec']>;
export type WindowReading = Reading<FeatureWindow['spec']>;
export type FeedReading = Reading<Feed['spec']>;
export type RecommenderReading = Reading<Recommender['spec']>;
export type ModelReading = Reading<ScoringModel['spec']>;

/** Whether its Kafka wants a log-in or a certificate. */
export const isGuarded = (pipeline: PipelineReading | undefined): boolean =>
  pipeline?.spec.kafka?.sasl !== undefined || pipeline?.spec.kafka?.tls !== undefined;

type TopicKind = 'events' | 'deadLetters' | 'predictions' | 'outcomes';

/** What windows and models have to know of their pipeline. */
export interface PartContext {
  readonly name: string;
  readonly topics: Readonly<Record<TopicKind, Topic>>;
  /** Specs of all its windows by name, for those that refer to them. */
  readonly windows: ReadonlyMap<string, FeatureWindow['spec']>;
  /** The same of its models. */
  readonly models: ReadonlyMap<string, ScoringModel['spec']>;
  /** Undefined where the pipeline is missing or not right itself: its topics and outcomes may have any names. */
  readonly reading: PipelineReading | undefined;
}

type Specs = Pick<PartContext, 'windows' | 'models'>;

/** A pipeline while its parts are compiled. */
export interface PipelineContext extends PartContext {
  readonly reading: PipelineReading;
}

export const contextOf = (reading: PipelineReading, specs: Specs): PipelineContext => {
  const { name, spec } = reading;
  const names = topicsOf(name);
  const topic = (kind: TopicKind): Topic => {
    const { name: own, partitions, retention } = spec.topics[kind];
    return {
      name: own ?? names[kind],
      ...(partitions === undefined ? {} : { partitions }),
      retentionMs: retention,
    };
  };
  const topics = {
    events: topic('events'),
    deadLetters: topic('deadLetters'),
    predictions: topic('predictions'),
    outcomes: topic('outcomes'),
  };
  return { name, reading, topics, ...specs };
};

/** What rollouts decided, for whoever wants to know. */
export const decisionsOf = ({ name, topics }: PartContext): Topic => ({
  name: topicsOf(name).decisions,
  ...(topics.outcomes.retentionMs !== undefined && { retentionMs: topics.outcomes.retentionMs }),
});

/** Of parts whose pipeline is missing or not right itself, to check them all the same. */
export const orphanContextOf = (name: string, specs: Specs): PartContext => {
  const { events, deadLetters, predictions, outcomes } = topicsOf(name);
  const topics = {
    events: { name: events },
    deadLetters: { name: deadLetters },
    predictions: { name: predictions },
    outcomes: { name: outcomes },
  };
  return { name, topics, ...specs, reading: undefined };
};

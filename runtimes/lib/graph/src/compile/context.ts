import type { FeatureWindow, ScoringModel, ViralityPipeline } from '@groundswell/crds';
import { topicsOf } from '@groundswell/wire';
import type { Topic } from '../programs/index.ts';
import type { Reading } from './reading.ts';

export type PipelineReading = Reading<ViralityPipeline['spec']>;
export type WindowReading = Reading<FeatureWindow['spec']>;
export type ModelReading = Reading<ScoringModel['spec']>;

/** A pipeline while its parts are compiled. */
export interface PipelineContext {
  readonly name: string;
  readonly reading: PipelineReading;
  readonly topics: Readonly<Record<'events' | 'deadLetters' | 'predictions' | 'outcomes', Topic>>;
  /** Specs of all its windows by name, for those that refer to them. */
  readonly windows: ReadonlyMap<string, FeatureWindow['spec']>;
}

export const contextOf = (
  reading: PipelineReading,
  windows: ReadonlyMap<string, FeatureWindow['spec']>,
): PipelineContext => {
  const { name, spec } = reading;
  const names = topicsOf(name);
  const topic = (kind: 'events' | 'deadLetters' | 'predictions' | 'outcomes'): Topic => {
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
  return { name, reading, topics, windows };
};

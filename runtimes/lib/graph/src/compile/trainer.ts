import type { OutcomeSpec, TrainerProgram } from '../programs/index.ts';
import type { ModelReading, PartContext } from './context.ts';
import type { Unhashed } from './revision.ts';

type Algorithm = TrainerProgram['algorithm']['type'];

export const compileTrainer = (
  reading: ModelReading,
  context: PartContext,
  outcome: OutcomeSpec | undefined,
): Unhashed<TrainerProgram> | undefined => {
  const { name, spec } = reading;
  const { training } = spec;
  if (training === undefined) return undefined;
  const type = algorithmOf(reading, training.algorithm.type);
  const params = { ...training.algorithm.params };
  const baselineFeatures = [...(training.baseline?.features ?? [])];
  const { schedule, rows, seed } = training;
  if (reading.target === 'cluster') {
    reading.warn(['training'], 'Cannot train in a cluster: it is not supported yet, use "groundswell train"');
    return undefined;
  }
  if (outcome === undefined || type === undefined) return undefined;
  return {
    kind: 'trainer',
    name: `trainer-${name}`,
    pipeline: spec.pipelineRef.name,
    model: name,
    features: spec.features.filter(({ hidden }) => !hidden).map((feature) => feature.name),
    baselineFeatures,
    predictions: context.topics.predictions.name,
    outcomes: context.topics.outcomes.name,
    outcome: outcome.name,
    schedule,
    maxRows: rows,
    algorithm: { type, params },
    seed,
  };
};

const algorithmOf = ({ notYet }: ModelReading, type: string): Algorithm | undefined => {
  if (type === 'XGBoost' || type === 'LogisticRegression') return type;
  notYet(['training', 'algorithm', 'type'], 'use XGBoost or LogisticRegression');
  return undefined;
};

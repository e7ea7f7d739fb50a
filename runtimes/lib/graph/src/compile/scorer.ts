import { suggest } from '@groundswell/cel';
import type { ScoringModel, ViralityPipeline } from '@groundswell/crds';
import { eventEnvironment, labelEnvironment } from '../environments.ts';
import type { OutcomeSpec, ScorerProgram, ServingSpec, Variant } from '../programs/index.ts';
import { compileArtifact } from './artifact.ts';
import type { ModelReading, PartContext, PipelineContext } from './context.ts';
import { compileFeatures } from './features.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';
import { variantsInRollout } from './rollout.ts';

export const compileScorer = (
  reading: ModelReading,
  context: PartContext,
  outcome: OutcomeSpec | undefined,
): Unhashed<ScorerProgram> | undefined => {
  const { name, spec } = reading;
  const { score, output, batching, routing } = spec;
  const features = compileFeatures(reading, context);
  const declared = spec.variants.map((variant, i) => variantOf(reading, variant, i));
  const variants = spec.rollout === undefined ? declared : variantsInRollout(declared, spec.rollout);
  checkAges(reading);
  const entityWhere = reading.expression(['entity', 'where'], spec.entity.where, eventEnvironment);
  const { maxOutOfOrderness, idleTimeout } = score.watermark;
  const { onChange } = score;
  return {
    kind: 'scorer',
    name: `scorer-${name}`,
    pipeline: spec.pipelineRef.name,
    model: name,
    input: context.topics.events,
    entityWhere,
    atMs: [...score.at],
    ...(onChange === undefined ? {} : { onChange: { throttleMs: onChange.throttle, untilMs: onChange.until } }),
    watermark: {
      maxOutOfOrdernessMs: maxOutOfOrderness,
      ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
    },
    features,
    variants,
    routing: { key: routing.key, salt: routing.salt ?? name },
    batching: { maxRows: batching.maxRows, maxWaitMs: batching.maxWait },
    serving: servingOf(spec.serving),
    explanations: explanationsOf(reading),
    drift: {
      windowMs: spec.drift.window,
      ...{ maxFeaturePsi: spec.drift.maxFeaturePsi, maxScorePsi: spec.drift.maxScorePsi },
    },
    ...(outcome === undefined ? {} : { outcome }),
    top: { size: output.top.size, maxAgeMs: output.top.maxAge },
    ttlMs: output.ttl,
    predictions: context.topics.predictions,
    outcomes: context.topics.outcomes,
    deadLetters: context.topics.deadLetters,
    ...retriesOf(spec.deadLetters),
  };
};

const checkAges = ({ spec, refuse }: ModelReading): void => {
  spec.score.at.forEach((age, i) => {
    const before = spec.score.at[i - 1];
    if (before !== undefined && age <= before)
      refuse(
        ['score', 'at', i],
        `Cannot score at this age: it is not after the one before it, ascending ages are needed`,
      );
  });
};

const variantOf = (
  reading: ModelReading,
  { name, share, shadow, artifact, output, positiveClass }: ScoringModel['spec']['variants'][number],
  i: number,
): Variant => ({
  ...{ name, share, shadow, artifact: compileArtifact(reading, artifact, ['variants', i, 'artifact']) },
  ...(output !== undefined && { output }),
  positiveClass,
});

const explanationsOf = ({ spec, refuse }: ModelReading): ScorerProgram['explanations'] => {
  const { features, method } = spec.explanations;
  const lacking = spec.variants.find(({ artifact }) => artifact.explainer === undefined);
  if (method === 'TreeShap' && lacking !== undefined)
    refuse(
      ['explanations', 'method'],
      `Cannot explain by TreeShap: the variant "${lacking.name}" has no artifact.explainer, add one or write Auto`,
    );
  return { features, method };
};

const doors = { Grpc: 'grpc', Http: 'http' } as const;

const servingOf = (serving: ScoringModel['spec']['serving']): ServingSpec => {
  const { protocols, deadline, maxQueue, maxBody, threads, warmUpRuns } = serving;
  return {
    // As they stand in the schema, so that their order changes nothing.
    doors: (['Grpc', 'Http'] as const).filter((each) => protocols.includes(each)).map((each) => doors[each]),
    ...{ deadlineMs: deadline, maxQueue, maxBodyBytes: maxBody },
    ...(threads !== undefined && { threads }),
    warmUpRuns,
  };
};

/** What the model learns to predict, from the pipeline's outcomes. */
export const compileOutcome = (reading: ModelReading, context: PartContext): OutcomeSpec | undefined => {
  const wanted = reading.spec.outcomeRef?.name;
  if (wanted === undefined) return undefined;
  if (context.reading === undefined) return undefined;
  const { outcomes } = context.reading.spec;
  const index = outcomes.findIndex(({ name }) => name === wanted);
  const found = outcomes[index];
  if (found === undefined) {
    const names = outcomes.map(({ name }) => name);
    reading.refuse(
      ['outcomeRef', 'name'],
      `Cannot find the outcome "${wanted}": the pipeline "${context.name}" has none of that name, ${suggest(wanted, names)}`,
    );
    return undefined;
  }
  const rule = ruleOf(found);
  return rule === undefined ? undefined : { name: wanted, rule };
};

type Outcome = ViralityPipeline['spec']['outcomes'][number];

const ruleOf = ({ name, count, figure, reported, within }: Outcome): OutcomeSpec['rule'] | undefined => {
  if (count !== undefined) return { kind: 'count', where: count.where, atLeast: count.atLeast, maturityMs: within };
  if (figure !== undefined) return { kind: 'figure', field: figure.field, atLeast: figure.atLeast, maturityMs: within };
  // A report is an event of type outcome, whose figure has the outcome's name.
  if (reported !== undefined) return { kind: 'figure', field: name, atLeast: reported.atLeast, maturityMs: within };
  return undefined;
};

/** Checks all outcomes of a pipeline, also those that no model refers to. */
export const checkOutcomes = ({ reading }: PipelineContext): void => {
  reading.spec.outcomes.forEach((outcome, i) => {
    const path = ['outcomes', i];
    // An outcome that no model predicts is right, too.
    void outcome.name;
    if (outcome.count !== undefined)
      reading.expression([...path, 'count', 'where'], outcome.count.where, labelEnvironment);
    ruleOf(outcome);
  });
};

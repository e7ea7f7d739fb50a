import { type ArtifactSource, artifactSourceOf } from '../programs/artifact-source.ts';
import type { OutcomeSpec, ScorerProgram, TrainerProgram } from '../programs/index.ts';
import type { ModelReading, PartContext } from './context.ts';
import type { Unhashed } from './revision.ts';

type Training = NonNullable<ModelReading['spec']['training']>;

/** Below the run's data, where the resource names no place. */
const defaultFolder = 'artifacts';

export const compileTrainer = (
  reading: ModelReading,
  context: PartContext,
  { outcome, scorer }: { outcome: OutcomeSpec | undefined; scorer: Unhashed<ScorerProgram> | undefined },
): Unhashed<TrainerProgram> | undefined => {
  const { name, spec } = reading;
  const { training } = spec;
  if (training === undefined) return undefined;
  const { schedule, timeZone, rows, maxAge, holdout, betterThanChampion, seed } = training;
  const algorithm = { type: training.algorithm.type, params: { ...training.algorithm.params } };
  const baselineFeatures = [...(training.baseline?.features ?? [])];
  const gates = training.gates.map((gate) => ({ ...gate }));
  const agesMs = agesOf(reading, training);
  checkTimeZone(reading, timeZone);
  const publish = publishOf(reading, training, scorer?.variants ?? []);
  const champion = scorer && championOf(reading, scorer);
  if (reading.target === 'cluster' && training.publish === undefined) {
    const needed = 'publish: { volume: { claimName: … } } is needed';
    reading.warn(['training'], `Cannot train in a cluster: there is no place for what comes of it, ${needed}`);
    return undefined;
  }
  if (outcome === undefined || scorer === undefined) return undefined;
  return {
    kind: 'trainer',
    name: `trainer-${name}`,
    pipeline: spec.pipelineRef.name,
    model: name,
    features: spec.features.filter(({ hidden }) => !hidden).map((feature) => feature.name),
    baselineFeatures,
    predictions: context.topics.predictions,
    outcomes: context.topics.outcomes,
    outcome: outcome.name,
    ...{ schedule, timeZone, maxRows: rows, agesMs, holdout, algorithm, gates, betterThanChampion, publish, seed },
    ...(maxAge !== undefined && { maxAgeMs: maxAge }),
    ...(champion !== undefined && { champion }),
  };
};

const agesOf = ({ spec, refuse }: ModelReading, { ages }: Training): number[] => {
  const scored = [...spec.score.at];
  ages.forEach((age, i) => {
    if (!scored.includes(age))
      refuse(
        ['training', 'ages', i],
        'Cannot train on this age: posts are not scored at it, an age of score.at is needed',
      );
  });
  return ages.length === 0 ? scored : [...ages].sort((a, b) => a - b);
};

const checkTimeZone = ({ refuse }: ModelReading, timeZone: string): void => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    refuse(
      ['training', 'timeZone'],
      `Cannot train by the time of "${timeZone}": there is no such time zone, a name such as Europe/Berlin is needed`,
    );
  }
};

/** Where a trainer finds a champion: pods mount what the cluster has. */
const readable: Readonly<Record<ModelReading['target'], readonly (ArtifactSource['kind'] | undefined)[]>> = {
  local: ['file'],
  cluster: ['file', 'claim', 'configMap'],
};

/** The variant that answers most now: that of the rollout, or the one with the largest share. */
const championOf = (
  { spec, notYet, target }: ModelReading,
  { variants }: Unhashed<ScorerProgram>,
): TrainerProgram['champion'] => {
  const [largest] = variants.filter(({ shadow }) => !shadow).sort((a, b) => b.share - a.share);
  const found = variants.find(({ name }) => name === spec.rollout?.champion) ?? largest;
  if (found === undefined) return undefined;
  const { name, output, positiveClass } = found;
  const { uri, sha256 } = found.artifact;
  if (!readable[target].includes(artifactSourceOf(uri)?.kind)) {
    if (spec.training?.betterThanChampion === true)
      notYet(
        ['training', 'betterThanChampion'],
        `the trainer reads a champion from a ${target === 'local' ? 'file' : 'claim or ConfigMap'} alone: set it to false`,
      );
    return undefined;
  }
  return { name, artifact: { uri, sha256 }, ...(output !== undefined && { output }), positiveClass };
};

const publishOf = (
  { spec, notYet, refuse, target }: ModelReading,
  { publish }: Training,
  variants: ScorerProgram['variants'],
): TrainerProgram['publish'] => {
  if (publish === undefined) return { folder: defaultFolder, keep: 24 };
  const { volume, keep, proposeAs } = publish;
  if (publish.s3 !== undefined) notYet(['training', 'publish', 's3'], 'use volume');
  if (volume?.path.split('/').includes('..'))
    refuse(
      ['training', 'publish', 'volume', 'path'],
      `Cannot publish to "${volume.path}": it leads out of the volume, a folder in it is needed`,
    );
  if (proposeAs !== undefined && proposeAs !== spec.rollout?.challenger)
    refuse(
      ['training', 'publish', 'proposeAs'],
      `Cannot propose as "${proposeAs}": it is not the challenger of a rollout, rollout.challenger: ${proposeAs} is needed`,
    );
  const artifact = variants.find(({ name }) => name === proposeAs)?.artifact;
  const proposed = proposeAs !== undefined && artifact !== undefined && { name: proposeAs, artifact };
  return { ...placeOf(volume, target), keep, ...(proposed !== false && { proposeAs: proposed }) };
};

type Volume = NonNullable<NonNullable<Training['publish']>['volume']>;

const placeOf = (
  volume: Volume | undefined,
  target: ModelReading['target'],
): Pick<TrainerProgram['publish'], 'claim' | 'folder'> => {
  if (volume === undefined) return { folder: defaultFolder };
  const { claimName, path } = volume;
  if (target === 'local') return { folder: `${claimName}/${path}` };
  return { claim: claimName, folder: path.replace(/^\/+|\/+$/g, '') };
};

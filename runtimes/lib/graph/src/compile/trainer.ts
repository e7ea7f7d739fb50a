import type { OutcomeSpec, ScorerProgram, TrainerProgram } from '../programs/index.ts';
import type { ModelReading, PartContext } from './context.ts';
import type { Unhashed } from './revision.ts';
import { isTimeZone, noTimeZone } from './time-zone.ts';

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
  if (!isTimeZone(timeZone)) reading.refuse(['training', 'timeZone'], noTimeZone('train', timeZone));
  const publish = publishOf(reading, training, scorer?.variants ?? []);
  const champion = scorer && championOf(reading, scorer);
  if (reading.target === 'cluster' && training.publish === undefined) {
    const needed = 'publish: { volume: { claimName: … } } or publish: { s3: … } is needed';
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

/** The variant that answers most now: that of the rollout, or the one with the largest share. */
const championOf = ({ spec }: ModelReading, { variants }: Unhashed<ScorerProgram>): TrainerProgram['champion'] => {
  const [largest] = variants.filter(({ shadow }) => !shadow).sort((a, b) => b.share - a.share);
  const found = variants.find(({ name }) => name === spec.rollout?.champion) ?? largest;
  if (found === undefined) return undefined;
  const { name, artifact, output, positiveClass } = found;
  return { name, artifact, ...(output !== undefined && { output }), positiveClass };
};

const publishOf = (
  reading: ModelReading,
  { publish }: Training,
  variants: ScorerProgram['variants'],
): TrainerProgram['publish'] => {
  if (publish === undefined) return { folder: defaultFolder, keep: 24 };
  const { keep, proposeAs } = publish;
  if (proposeAs !== undefined && proposeAs !== reading.spec.rollout?.challenger)
    reading.refuse(
      ['training', 'publish', 'proposeAs'],
      `Cannot propose as "${proposeAs}": it is not the challenger of a rollout, rollout.challenger: ${proposeAs} is needed`,
    );
  const artifact = variants.find(({ name }) => name === proposeAs)?.artifact;
  const proposed = proposeAs !== undefined && artifact !== undefined && { name: proposeAs, artifact };
  return { ...placeOf(reading, publish), keep, ...(proposed !== false && { proposeAs: proposed }) };
};

type Publish = NonNullable<Training['publish']>;
type Place = Pick<TrainerProgram['publish'], 'claim' | 'folder' | 's3'>;

const placeOf = (reading: ModelReading, { volume, s3 }: Publish): Place => {
  if (s3 !== undefined) return bucketOf(reading, s3);
  return volume === undefined ? { folder: defaultFolder } : volumeOf(reading, volume);
};

const volumeOf = ({ refuse, target }: ModelReading, { claimName, path }: NonNullable<Publish['volume']>): Place => {
  if (path.split('/').includes('..'))
    refuse(
      ['training', 'publish', 'volume', 'path'],
      `Cannot publish to "${path}": it leads out of the volume, a folder in it is needed`,
    );
  if (target === 'local') return { folder: `${claimName}/${path}` };
  return { claim: claimName, folder: path.replace(/^\/+|\/+$/g, '') };
};

const bucketOf = (
  { refuse }: ModelReading,
  { uri, secretRef, endpoint, region }: NonNullable<Publish['s3']>,
): Place => {
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(uri) ?? [];
  if (bucket === '')
    refuse(
      ['training', 'publish', 's3', 'uri'],
      `Cannot publish to ${JSON.stringify(uri)}: it names no bucket, s3://bucket/path/ is needed`,
    );
  const at = { ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
  return { folder: folder.replace(/\/+$/, ''), s3: { bucket, secret: secretRef.name, ...at } };
};

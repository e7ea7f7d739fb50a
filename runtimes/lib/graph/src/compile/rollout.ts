import { annotations, type ScoringModel } from '@groundswell/crds';
import type { OutcomeSpec, RolloutProgram, ScorerProgram } from '../programs/index.ts';
import { decisionsOf, type ModelReading, type PartContext } from './context.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';

type Rollout = NonNullable<ScoringModel['spec']['rollout']>;
type Step = RolloutProgram['steps'][number];

/** How old a window may be where the feature that reads it does not say. */
const defaultStalenessMs = 900_000;

/** What leads a challenger to the place of the champion; nothing where the resource has no rollout. */
export const compileRollout = (
  reading: ModelReading,
  context: PartContext,
  { scorer, said }: { scorer: Unhashed<ScorerProgram> | undefined; said: Readonly<Record<string, string>> },
): Unhashed<RolloutProgram> | undefined => {
  const { name, spec } = reading;
  const { rollout } = spec;
  if (rollout === undefined) return undefined;
  const contenders = contendersOf(reading, rollout);
  const steps = rollout.steps.map(stepOf);
  const agesMs = agesOf(reading, rollout);
  const { evidence, guardrails, autoPromote, rollbackWindow } = rollout;
  const requirements = checkRequirements(reading, rollout);
  if (scorer?.outcome === undefined || contenders === undefined) return undefined;
  // People say it on the resource, so that Git need not change.
  const promote = said[annotations.promote];
  const abort = rollout.abort || said[annotations.abort] === contenders.challenger.sha256;
  return {
    kind: 'rollout',
    name: `rollout-${name}`,
    pipeline: spec.pipelineRef.name,
    model: name,
    ...{ predictions: scorer.predictions, outcomes: scorer.outcomes, deadLetters: scorer.deadLetters },
    ...retriesOf(spec.deadLetters),
    decisions: decisionsOf(context),
    outcome: maturityOf(scorer.outcome),
    agesMs,
    routingKey: scorer.routing.key,
    ...contenders,
    ...{ steps, autoPromote, abort, rollbackWindowMs: rollbackWindow },
    ...(promote === undefined ? {} : { promote }),
    policy: { ...pick(evidence, ['metric', 'alpha', 'minEffect', 'margin', 'minLabels', 'splitAlpha']) },
    guardrails: {
      ...pick(guardrails, ['maxErrors', 'maxCalibrationError', 'maxScorePsi']),
      ...latencyOf(rollout, context),
    },
    fresh: requirements.has('FeaturesFresh') ? windowsOf(scorer) : [],
  };
};

/** What the pipeline promises its users, a challenger must keep. On a laptop, where posts are replayed, nobody is promised anything. */
const latencyOf = ({ guardrails }: Rollout, { reading }: PartContext): { readonly maxLatencyMs?: number } => {
  const promised = reading?.target === 'cluster' ? reading.spec.goals.prediction : undefined;
  const maxLatencyMs = guardrails.maxLatency ?? promised;
  return maxLatencyMs === undefined ? {} : { maxLatencyMs };
};

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

const maturityOf = ({ name, rule }: OutcomeSpec) => ({ name, maturityMs: rule.maturityMs });

const contendersOf = ({ spec }: ModelReading, { champion, challenger }: Rollout) => {
  const variantOf = (wanted: string) => spec.variants.find((variant) => variant.name === wanted);
  const [incumbent, rival] = [variantOf(champion), variantOf(challenger)];
  if (incumbent === undefined || rival === undefined) return undefined;
  const shareOf = ({ share, shadow }: { share: number; shadow: boolean }): number => (shadow ? 0 : share);
  return {
    champion: { name: champion, sha256: incumbent.artifact.sha256 },
    challenger: { name: challenger, sha256: rival.artifact.sha256 },
    percent: shareOf(incumbent) + shareOf(rival),
  };
};

const stepOf = ({ shadow, share, pause, gate }: Rollout['steps'][number]): Step => {
  if (shadow !== undefined) return { kind: 'shadow', forMs: shadow.for };
  if (share !== undefined) return { kind: 'share', percent: share };
  if (gate !== undefined) {
    const { verdict, timeout, onTimeout } = gate;
    return { kind: 'gate', verdict, timeoutMs: timeout, onTimeout };
  }
  return { kind: 'pause', ...(pause?.for === undefined ? {} : { forMs: pause.for }) };
};

const agesOf = ({ spec, refuse }: ModelReading, { evidence }: Rollout): number[] => {
  const scored = [...spec.score.at];
  evidence.ages.forEach((age, i) => {
    if (!scored.includes(age))
      refuse(
        ['rollout', 'evidence', 'ages', i],
        'Cannot compare at this age: posts are not scored at it, an age of score.at is needed',
      );
  });
  return evidence.ages.length === 0 ? scored : [...evidence.ages].sort((a, b) => a - b);
};

const checkRequirements = ({ notYet }: ModelReading, { require }: Rollout): ReadonlySet<string> => {
  require.forEach((condition, i) => {
    if (condition !== 'FeaturesFresh') notYet(['rollout', 'require', i], 'use FeaturesFresh');
  });
  return new Set(require);
};

const windowsOf = ({ features }: Unhashed<ScorerProgram>): RolloutProgram['fresh'] => {
  const strictest = new Map<string, number>();
  for (const { source } of features) {
    if (source.kind !== 'window') continue;
    const allowed = source.maxStalenessMs ?? defaultStalenessMs;
    strictest.set(source.window, Math.min(allowed, strictest.get(source.window) ?? allowed));
  }
  return [...strictest].map(([window, maxStalenessMs]) => ({ window, maxStalenessMs }));
};

/** The variants as they begin in a rollout: both score everything, and the champion answers until the rollout says otherwise. */
export const variantsInRollout = (
  variants: ScorerProgram['variants'],
  { champion, challenger }: Rollout,
): ScorerProgram['variants'] => {
  const both = variants.filter(({ name, shadow }) => !shadow && (name === champion || name === challenger));
  const percent = both.reduce((sum, { share }) => sum + share, 0);
  return variants.map((variant) => {
    if (variant.name === champion) return { ...variant, share: percent, shadow: false, compared: true };
    return variant.name === challenger ? { ...variant, share: 0, shadow: false, compared: true } : variant;
  });
};

import type { ScorerProgram } from '@groundswell/graph';
import { RolloutStatus } from '@groundswell/wire';
import type { Finding } from './conditions.ts';
import type { Standing } from './standing.ts';
import { timeOf } from './time.ts';

type Status = Readonly<Record<string, unknown>>;

/** What the pods say. */
type Reporting = Pick<Standing, 'reports'>;

const withoutNull = (entries: Readonly<Record<string, unknown>>): Status =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null));

/** Where the rollout of a model is, as its program says; undefined where there is none, or it cannot be asked. */
const rolloutOf = ({ reports }: Reporting): RolloutStatus | undefined => {
  const told = reports.flatMap(({ current }) => current.rollout ?? [])[0];
  const parsed = RolloutStatus.safeParse(told);
  return parsed.success ? parsed.data : undefined;
};

const verdictOf = ({ verdict }: RolloutStatus): Status => {
  const { state, reason, metric, difference, low, high, evidence, labels, labelsNeeded, expectedAt } = verdict;
  return withoutNull({
    ...{ state, reason: reason.slice(0, 1_000), metric, difference, low, high, evidence, labels, labelsNeeded },
    expectedAt: expectedAt === null ? null : timeOf(expectedAt),
  });
};

const stepOf = ({ step, steps }: RolloutStatus): string => `${Math.min(step + 1, steps)}/${steps}`;

type Variant = ScorerProgram['variants'][number];
type Served = NonNullable<Reporting['reports'][number]['current']['variants']>[number];

const stateOf = ({ shadow }: Variant, served: Served | undefined): string => {
  if (served === undefined) return 'Pending';
  if (served.problem !== undefined) return 'Failed';
  if (served.sha256 === undefined) return 'Loading';
  return shadow ? 'Shadow' : 'Serving';
};

const variantStatus = (variant: Variant, standing: Reporting, rollout: RolloutStatus | undefined): Status => {
  const served = standing.reports
    .flatMap(({ current }) => current.variants ?? [])
    .find(({ name }) => name === variant.name);
  const measured = [rollout?.champion, rollout?.challenger].find((side) => side?.name === variant.name);
  const { auc, aucLow, aucHigh, logLoss, calibrationError, labels, p99Ms } = measured ?? {};
  return withoutNull({
    name: variant.name,
    state: stateOf(variant, served),
    message: served?.problem?.slice(0, 2_000),
    share: variant.share,
    sha256: served?.sha256,
    ...{ auc, aucLow, aucHigh, logLoss, calibrationError, labels, p99Ms },
  });
};

/** The variant that answers when in doubt. */
const championOf = ({ variants }: ScorerProgram, rollout: RolloutStatus | undefined): string | undefined => {
  if (rollout !== undefined) return (rollout.phase === 'Promoted' ? rollout.challenger : rollout.champion).name;
  const answering = variants.filter(({ shadow }) => !shadow);
  return [...answering].sort((a, b) => b.share - a.share)[0]?.name;
};

/** How far the rows of the variant that answers most are from its training. */
const driftOf = (standing: Reporting, champion: string | undefined): Served['drift'] =>
  standing.reports.flatMap(({ current }) => current.variants ?? []).find(({ name }) => name === champion)?.drift;

/** Of variants whose rows are known well enough; nothing where none are. */
export const stableOf = (standing: Reporting): readonly Finding[] => {
  const readings = standing.reports.flatMap(({ current }) =>
    (current.variants ?? []).flatMap(({ drift }) => drift ?? []),
  );
  if (readings.length === 0) return [];
  const problems = readings.flatMap(({ problem }) => problem ?? []);
  const type = 'Stable';
  if (problems.length > 0)
    return [{ type, status: 'False', reason: 'Drifted', message: problems.join('; ').slice(0, 2_000) }];
  return [
    { type, status: 'True', reason: 'AsTrained', message: 'Features and scores are distributed as in training.' },
  ];
};

/** How the variants of a model stand, and its rollout. */
export const variantsStatus = (standing: Reporting, scorer: ScorerProgram): Status => {
  const { variants } = scorer;
  if (variants.length === 0) return {};
  const rollout = rolloutOf(standing);
  const champion = championOf(scorer, rollout);
  const sides = [rollout?.champion, rollout?.challenger];
  const drift = driftOf(standing, champion);
  return withoutNull({
    drift:
      drift &&
      withoutNull({ scorePsi: drift.score, worstFeature: drift.worstFeature, worstFeaturePsi: drift.worstFeaturePsi }),
    variants: variants.map((variant) => variantStatus(variant, standing, rollout)),
    champion,
    championAuc: sides.find((side) => side?.name === champion)?.auc,
    shares: variants
      .filter(({ shadow }) => !shadow)
      .map(({ name, share }) => `${name} ${Number(share.toFixed(2))}`)
      .join(', ')
      .slice(0, 512),
    rollout: rollout && {
      step: stepOf(rollout),
      doing: rollout.doing.slice(0, 256),
      since: timeOf(rollout.since),
      challengerSha256: rollout.challenger.sha256,
      verdict: verdictOf(rollout),
    },
    rejectedSha256: rollout?.phase === 'Aborted' ? rollout.challenger.sha256 : undefined,
  });
};

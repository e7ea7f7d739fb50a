import { formatAge } from '../terminal/format.ts';
import { type Happening, nameOf, readyOf, type Seen, type SeenModel, type Status } from './resource.ts';

/** What is known beside the resource itself. */
export interface Around {
  readonly events: readonly Happening[];
  /** ms since 1970. */
  readonly now: number;
}

const ago = (at: string, now: number): string => `${formatAge(Math.max(0, now - Date.parse(at)))} ago`;

const conditionLines = ({ conditions = [] }: Status, now: number): readonly string[] =>
  conditions
    .filter(({ type }) => type !== 'Ready')
    .map(
      ({ type, status, reason, message, lastTransitionTime }) =>
        `  ${type} is ${status} (${reason}, since ${formatAge(Math.max(0, now - Date.parse(lastTransitionTime)))}): ${message}`,
    );

/** Programs that do not yet run what they should. */
const revisionLines = ({ revisions = [] }: Status): readonly string[] =>
  revisions
    .filter(({ running, wanted }) => running !== undefined && running !== wanted)
    .map(({ program, running, wanted }) => `  ${program} runs revision ${running}, and should run ${wanted}`);

const failureLines = ({ lastFailure }: Status, now: number): readonly string[] => {
  if (lastFailure === undefined) return [];
  const { reason, message, pod, time } = lastFailure;
  return [`Last failure, ${ago(time, now)}: ${reason}${pod === undefined ? '' : ` in pod ${pod}`}: ${message}`];
};

const rolloutLines = ({ spec, status }: SeenModel, now: number): readonly string[] => {
  const { rollout, rejectedSha256, shares } = status ?? {};
  const rejected = rejectedSha256 === undefined ? [] : [`Given up and not tried again: artifact ${rejectedSha256}`];
  if (rollout === undefined)
    return spec.rollout === undefined ? rejected : [...rejected, 'Rollout: nothing is reported of it yet'];
  const { step, doing, since, challengerSha256, verdict } = rollout;
  const lines = [
    `Rollout of ${challengerSha256.slice(0, 12)}, step ${step} since ${formatAge(Math.max(0, now - Date.parse(since)))}: ${doing}`,
    ...(shares === undefined ? [] : [`  shares: ${shares}`]),
  ];
  return [...rejected, ...lines, ...(verdict === undefined ? [] : verdictLines(verdict))];
};

type Verdict = NonNullable<NonNullable<NonNullable<SeenModel['status']>['rollout']>['verdict']>;

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${Number(value.toPrecision(3))}`;

const verdictLines = (verdict: Verdict): readonly string[] => {
  const { state, reason, metric, difference, low, high, labels, labelsNeeded, expectedAt } = verdict;
  const between = low === undefined || high === undefined ? '' : `, between ${signed(low)} and ${signed(high)}`;
  const effect = difference === undefined ? '' : `${metric} ${signed(difference)}${between}, `;
  const needed = labelsNeeded === undefined ? '' : ` of ${labelsNeeded}`;
  const expected = expectedAt === undefined ? '' : `, expected at ${expectedAt}`;
  return [`  verdict: ${state}: ${reason}`, `  ${effect}${labels}${needed} labels${expected}`];
};

const eventLines = (events: readonly Happening[], now: number): readonly string[] =>
  events.length === 0
    ? []
    : [
        'Newest Events:',
        ...events.slice(-5).map(({ at, reason, message }) => `  ${ago(at, now)}  ${reason}: ${message}`),
      ];

const logHint = ({ metadata, status }: Seen): readonly string[] =>
  status === undefined || !('selector' in status) || status.selector === undefined
    ? []
    : [`Its log: kubectl logs -n ${metadata.namespace} -l ${status.selector}`];

/** Why a resource is as it is, from what the operator and the programs say of it: the summary first, then what it rests on. */
export const explain = (seen: Seen, { events, now }: Around): readonly string[] => {
  const { status, metadata } = seen;
  const ready = readyOf(status);
  if (status === undefined || ready === undefined)
    return [
      `${nameOf(seen)}: the operator has not seen it yet. Is there one that looks after namespace "${metadata.namespace}"?`,
      ...eventLines(events, now),
    ];
  const stale =
    status.observedGeneration === metadata.generation
      ? []
      : ['The operator has not seen the newest change yet; this is of the one before.'];
  return [
    `${nameOf(seen)} is ${ready.status === 'True' ? 'Ready' : `not Ready (${ready.reason})`}, ${status.phase ?? 'Pending'}: ${ready.message}`,
    ...stale,
    ...conditionLines(status, now),
    ...revisionLines(status),
    ...(seen.kind === 'ScoringModel' ? rolloutLines(seen, now) : []),
    ...failureLines(status, now),
    ...eventLines(events, now),
    ...(ready.status === 'True' ? [] : logHint(seen)),
  ];
};

/** Why a resource has as many pods as it has. */
export const explainScale = (seen: Seen, { now }: Pick<Around, 'now'>): readonly string[] => {
  if (seen.kind === 'ViralityPipeline')
    return [`${nameOf(seen)} does not scale as one: ask for one of its windows, models, feeds or recommenders`];
  const { spec, status } = seen;
  const { readyReplicas = 0, desiredReplicas, scaling } = status ?? {};
  const pods = `${nameOf(seen)} has ${readyReplicas} of ${desiredReplicas ?? 'an unknown number of'} pods`;
  if (spec.suspend === true) return [`${pods}: it is suspended`];
  if (scaling === undefined)
    return [
      spec.autoscaling === undefined
        ? `${pods}: spec.replicas says ${spec.replicas ?? '1, by default'}, and there is no spec.autoscaling`
        : `${pods}: no decision was made yet`,
    ];
  const { from, to, decidedAt, reason, message, applied } = scaling;
  return [
    pods,
    `${applied ? 'Decided' : 'Recommended, not done,'} ${ago(decidedAt, now)}: ${from === to ? `stay at ${to}` : `${from} → ${to}`} (${reason})`,
    `  ${message}`,
  ];
};

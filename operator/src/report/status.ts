import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { conditionsOf, type Finding } from './conditions.ts';
import { findingsOf, isReady, partsReadyOf, sum } from './findings.ts';
import { measuredStatus } from './measured.ts';
import { type Facts, measuresOf, type Standing, standingOf } from './standing.ts';
import { timeOf } from './time.ts';

/** One resource with its status as it should be. */
export interface Reported {
  readonly object: KubeObject;
  readonly status: Readonly<Record<string, unknown>>;
}

/** The statuses of all resources of a pipeline. */
export const statusesOf = (facts: Facts): readonly Reported[] => {
  const standings = facts.plan.verdicts.map((verdict) => standingOf(verdict, facts));
  return standings.map((standing) => ({
    object: standing.verdict.object,
    status: statusOf(standing, standings, facts),
  }));
};

type Phase = 'Pending' | 'Running' | 'Degraded' | 'Suspended' | 'Failed' | 'Deleting';

const phaseOf = ({ verdict, pods }: Standing, findings: readonly Finding[]): Phase => {
  const is = (type: string) => findings.find((finding) => finding.type === type)?.status;
  if (verdict.object.metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (is('Stalled') === 'True') return 'Failed';
  if (verdict.suspended) return 'Suspended';
  if (pods.some(({ failure }) => failure?.lasting === true)) return 'Degraded';
  if (is('Ready') !== 'True') return 'Pending';
  return is('PartsReady') === 'False' || is('Conserved') === 'False' ? 'Degraded' : 'Running';
};

const statusOf = (standing: Standing, all: readonly Standing[], facts: Facts): Readonly<Record<string, unknown>> => {
  const { object } = standing.verdict;
  const isPipeline = object.kind === 'ViralityPipeline';
  const others = all.filter((other) => other !== standing);
  const findings = findingsOf(standing, isPipeline ? partsReadyOf(others) : undefined);
  const { conditions: before = [] } = beforeOf(standing);
  const generation = object.metadata.generation ?? 0;
  const [ready] = findings;
  return {
    observedGeneration: generation,
    phase: phaseOf(standing, findings),
    message: ready?.message.slice(0, 1_000),
    conditions: conditionsOf(findings, { before, generation, now: facts.now }),
    ...revisionsOf(standing, facts.now),
    ...lastFailureOf(standing),
    ...(isPipeline ? pipelineStatus(standing, others, facts) : scaleStatus(standing)),
    ...(object.kind === 'FeatureWindow' ? windowStatus(object) : {}),
    ...measuredStatus(standing, others),
  };
};

interface StatusBefore {
  readonly conditions?: Parameters<typeof conditionsOf>[1]['before'];
  readonly revisions?: readonly {
    readonly program: string;
    readonly running?: string;
    readonly acknowledgedAt?: string;
  }[];
  readonly lastFailure?: { readonly time: string };
  readonly scaling?: object;
}

const beforeOf = ({ verdict }: Standing): StatusBefore => (verdict.object['status'] ?? {}) as StatusBefore;

/** What each program should run, and what all its pods say that they run. */
const revisionsOf = (standing: Standing, now: string) => {
  const { revisions: known = [] } = beforeOf(standing);
  if (standing.programs.length === 0) return {};
  const revisions = standing.programs.map(({ name, revision: wanted }) => {
    const running = measuresOf(standing, name)?.revision;
    const before = known.find(({ program }) => program === name);
    const isKnown = before?.running === running && before?.acknowledgedAt !== undefined;
    const acknowledgedAt = isKnown ? before.acknowledgedAt : now;
    return {
      program: name,
      wanted,
      ...(running !== undefined && { running }),
      ...(running === wanted && { acknowledgedAt }),
    };
  });
  return { revisions };
};

const failuresOf = ({ pods, reports }: Standing) => [
  ...pods.flatMap(({ name, failure }) => {
    if (failure === undefined) return [];
    const { lasting: _, ...rest } = failure;
    return [{ pod: name, ...rest }];
  }),
  ...reports.flatMap(({ pod, since, current: { health } }) =>
    health.kind === 'stalled'
      ? [{ pod, reason: health.reason ?? 'Stalled', message: health.message ?? '', time: timeOf(since) }]
      : [],
  ),
];

const lastFailureOf = (standing: Standing) => {
  const { lastFailure: before } = beforeOf(standing);
  const [last] = failuresOf(standing).sort((a, b) => (a.time < b.time ? 1 : -1));
  if (last === undefined || (before !== undefined && before.time > last.time))
    return before === undefined ? {} : { lastFailure: before };
  return { lastFailure: { ...last, message: last.message.slice(0, 4_000) } };
};

/** What was decided last, also by an operator that is gone. */
const scalingOf = (standing: Standing) => {
  const { scaling } = standing;
  if (scaling === undefined) return {};
  const { scaling: before } = beforeOf(standing);
  if (scaling.newest === undefined) return before === undefined ? {} : { scaling: before };
  const { decision, decidedAt, applied } = scaling.newest;
  return {
    scaling: { ...decision, message: decision.message.slice(0, 1_000), decidedAt: timeOf(decidedAt), applied },
  };
};

/** Of the program that the resource is about; one beside it (the rollout of a model, say) has one pod always. */
const scaleStatus = (standing: Standing) => {
  const { programs, workloads: all, scaling } = standing;
  const [program] = programs;
  if (program === undefined && all.length === 0) return {};
  const workloads = program === undefined ? all : all.filter((workload) => workload.program === program.name);
  return {
    replicas: sum(workloads, 'exist'),
    readyReplicas: sum(workloads, 'ready'),
    desiredReplicas: scaling?.newest?.decision.to ?? sum(workloads, 'wanted'),
    ...scalingOf(standing),
    ...(program !== undefined && {
      selector: `app.kubernetes.io/instance=${program.pipeline},${programLabel}=${program.name}`,
    }),
  };
};

const countOf = (standings: readonly Standing[]): string => `${standings.filter(isReady).length}/${standings.length}`;

const pipelineStatus = (standing: Standing, others: readonly Standing[], { plan, version }: Facts) => {
  const ofKind = (kind: string) => others.filter(({ verdict }) => verdict.object.kind === kind);
  const sources = standing.programs.filter(({ kind }) => kind === 'ingest');
  const isUp = (name: string) => standing.workloads.some(({ program, rolledOut }) => program === name && rolledOut);
  const [pipeline] = plan.compiled.pipelines;
  return {
    summary: {
      sources: `${sources.filter(({ name }) => isUp(name)).length}/${sources.length}`,
      windows: countOf(ofKind('FeatureWindow')),
      models: countOf(ofKind('ScoringModel')),
      feeds: countOf(ofKind('Feed')),
      recommenders: countOf(ofKind('Recommender')),
    },
    ...(pipeline !== undefined && { trial: pipeline.kafka === undefined || pipeline.redis === undefined }),
    operatorVersion: version,
  };
};

/** The window in short, as in `hop 72h/5m`: as it was written. */
const windowStatus = ({ spec }: KubeObject) => {
  const { window = {} } = (spec ?? {}) as { window?: Readonly<Record<string, unknown>> };
  const found = Object.entries(window).find(([, shape]) => typeof shape === 'object' && shape !== null);
  if (found === undefined) return {};
  const [kind, shape] = found as [string, Readonly<Record<string, string>>];
  const sizes = [shape['size'] ?? shape['gap'] ?? shape['halfLife'] ?? shape['within'], shape['every']];
  const given = sizes.filter((size) => size !== undefined);
  return { window: [kind, given.join('/')].join(' ').trim().slice(0, 64) };
};

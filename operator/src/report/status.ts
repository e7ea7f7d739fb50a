import type { Program } from '@groundswell/graph';
import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { idOf } from '../plan/located.ts';
import type { PodState } from '../plan/observed.ts';
import type { Plan, Verdict } from '../plan/plan.ts';
import { type Workload, workloadOf } from '../plan/rollout.ts';
import { conditionsOf, type Finding } from './conditions.ts';

/** What a status is made from. */
export interface Facts {
  readonly plan: Plan;
  /** What stands in the cluster, of this pipeline. */
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
  /** By `Kind/name`: what could not be applied. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  /** As the API server writes times. */
  readonly now: string;
  readonly version: string;
}

/** One resource with its status as it should be. */
export interface Reported {
  readonly object: KubeObject;
  readonly status: Readonly<Record<string, unknown>>;
}

interface Standing {
  readonly verdict: Verdict;
  readonly programs: readonly Program[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly PodState[];
  readonly failures: readonly string[];
}

/** The statuses of all resources of a pipeline. */
export const statusesOf = (facts: Facts): readonly Reported[] => {
  const standings = facts.plan.verdicts.map((verdict) => standingOf(verdict, facts));
  return standings.map((standing) => ({
    object: standing.verdict.object,
    status: statusOf(standing, standings, facts),
  }));
};

const standingOf = (verdict: Verdict, { plan, children, pods, failures }: Facts): Standing => {
  const { kind, metadata } = verdict.object;
  const id = idOf({ kind, name: metadata.name });
  const own = children.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some((owner) => owner.controller === true && idOf(owner) === id),
  );
  const workloads = own.flatMap((child) => workloadOf(child, programLabel) ?? []);
  const placed = plan.compiled.placements.filter(({ owner }) => idOf(owner) === id).map(({ program }) => program);
  return {
    verdict,
    programs: plan.compiled.programs.filter(({ name }) => placed.includes(name)),
    workloads,
    pods: pods.filter(({ program }) => workloads.some((workload) => workload.program === program)),
    failures: failures.get(id) ?? [],
  };
};

const joined = (messages: readonly string[]): string => messages.join('; ');

const acceptedOf = ({ verdict }: Standing): Finding =>
  verdict.refused.length > 0
    ? { type: 'Accepted', status: 'False', reason: 'Refused', message: joined(verdict.refused) }
    : {
        type: 'Accepted',
        status: 'True',
        reason: 'Compiled',
        message: verdict.warnings.length > 0 ? joined(verdict.warnings) : 'All of it can run.',
      };

const referencesOf = ({ verdict }: Standing): Finding =>
  verdict.waiting.length > 0
    ? { type: 'ReferencesResolved', status: 'False', reason: 'ReferenceMissing', message: joined(verdict.waiting) }
    : {
        type: 'ReferencesResolved',
        status: 'True',
        reason: 'ReferencesFound',
        message: 'Everything that it names is there.',
      };

const availableOf = ({ verdict, programs, workloads }: Standing): Finding => {
  const type = 'Available';
  if (verdict.suspended)
    return { type, status: 'False', reason: 'Suspended', message: 'It is suspended: no pod runs.' };
  const lacking = programs.filter(({ name }) => !workloads.some(({ program }) => program === name));
  const behind = workloads.filter(({ rolledOut }) => !rolledOut);
  if (workloads.length === 0 || lacking.length > 0)
    return { type, status: 'False', reason: 'NotDeployed', message: 'There are no pods for it yet.' };
  if (behind.length === 0)
    return { type, status: 'True', reason: 'PodsReady', message: `${sum(workloads, 'ready')} pods are ready.` };
  const parts = behind.map(
    ({ program, ready, wanted }) => `${ready} of ${wanted} pods of ${program} are ready and up to date`,
  );
  return { type, status: 'False', reason: 'PodsNotReady', message: joined(parts) };
};

const sum = (workloads: readonly Workload[], what: 'ready' | 'exist' | 'wanted'): number =>
  workloads.reduce((total, workload) => total + workload[what], 0);

/** What is wrong, from the worst down; undefined: all is well. */
const worstOf = (standing: Standing, findings: readonly Finding[]): Finding | undefined => {
  const [failure] = standing.failures;
  if (failure !== undefined)
    return { type: 'Ready', status: 'False', reason: 'ApplyFailed', message: joined(standing.failures) };
  return findings.find(({ status }) => status === 'False');
};

const findingsOf = (standing: Standing, partsReady: Finding | undefined): readonly Finding[] => {
  const { verdict } = standing;
  const parts = [acceptedOf(standing), referencesOf(standing), availableOf(standing)];
  const worst = worstOf(standing, parts);
  const isStalled = verdict.refused.length > 0 || standing.failures.length > 0;
  const isMoving = !isStalled && !verdict.suspended && !verdict.paused && worst !== undefined;
  const { reason = 'AllWell', message = 'All pods run what was asked for.' } = worst ?? {};
  return [
    { type: 'Ready', status: worst === undefined ? 'True' : 'False', reason, message },
    ...parts,
    ...(partsReady === undefined ? [] : [partsReady]),
    ...(isStalled ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
    ...(isMoving ? [{ type: 'Reconciling', status: 'True' as const, reason, message }] : []),
    ...(verdict.paused
      ? [
          {
            type: 'ReconciliationPaused',
            status: 'True' as const,
            reason: 'PausedByAnnotation',
            message: 'Nothing is changed while groundswell.dev/pause-reconciliation is "true".',
          },
        ]
      : []),
  ];
};

type Phase = 'Pending' | 'Running' | 'Degraded' | 'Suspended' | 'Failed' | 'Deleting';

const phaseOf = ({ verdict, pods }: Standing, findings: readonly Finding[]): Phase => {
  const is = (type: string) => findings.find((finding) => finding.type === type)?.status;
  if (verdict.object.metadata.deletionTimestamp !== undefined) return 'Deleting';
  if (is('Stalled') === 'True') return 'Failed';
  if (verdict.suspended) return 'Suspended';
  if (pods.some(({ failure }) => failure?.lasting === true)) return 'Degraded';
  if (is('Ready') !== 'True') return 'Pending';
  return is('PartsReady') === 'False' ? 'Degraded' : 'Running';
};

const statusOf = (standing: Standing, all: readonly Standing[], facts: Facts): Readonly<Record<string, unknown>> => {
  const { object } = standing.verdict;
  const isPipeline = object.kind === 'ViralityPipeline';
  const others = all.filter((other) => other !== standing);
  const findings = findingsOf(standing, isPipeline ? partsReadyOf(others) : undefined);
  const before = (object['status'] ?? {}) as { conditions?: Parameters<typeof conditionsOf>[1]['before'] };
  const generation = object.metadata.generation ?? 0;
  const [ready] = findings;
  return {
    observedGeneration: generation,
    phase: phaseOf(standing, findings),
    message: ready?.message.slice(0, 1_000),
    conditions: conditionsOf(findings, { before: before.conditions ?? [], generation, now: facts.now }),
    ...revisionsOf(standing),
    ...lastFailureOf(standing),
    ...(isPipeline ? pipelineStatus(standing, others, facts) : scaleStatus(standing)),
    ...(object.kind === 'FeatureWindow' ? windowStatus(object) : {}),
  };
};

/** A part is well when it is Ready, judged as its own status is. */
const isReady = (standing: Standing): boolean => findingsOf(standing, undefined)[0]?.status === 'True';

const partsReadyOf = (others: readonly Standing[]): Finding => {
  const type = 'PartsReady';
  const behind = others.filter((other) => !isReady(other) && !other.verdict.suspended);
  if (behind.length === 0)
    return {
      type,
      status: 'True',
      reason: 'AllWell',
      message: 'All windows, models, feeds and recommenders are ready.',
    };
  const names = behind.slice(0, 10).map(({ verdict: { object } }) => `${object.kind} "${object.metadata.name}"`);
  const more = behind.length > names.length ? ` and ${behind.length - names.length} more` : '';
  return { type, status: 'False', reason: 'PartsNotReady', message: `Not ready: ${names.join(', ')}${more}` };
};

const revisionsOf = ({ programs }: Standing) =>
  programs.length === 0
    ? {}
    : { revisions: programs.map(({ name, revision }) => ({ program: name, wanted: revision })) };

const lastFailureOf = ({ verdict, pods }: Standing) => {
  const failures = pods.flatMap(({ name, failure }) => (failure === undefined ? [] : [{ pod: name, ...failure }]));
  failures.sort((a, b) => (a.time < b.time ? 1 : -1));
  const [last] = failures;
  const before = ((verdict.object['status'] ?? {}) as { lastFailure?: { time: string } }).lastFailure;
  if (last === undefined || (before !== undefined && before.time > last.time))
    return before === undefined ? {} : { lastFailure: before };
  const { lasting: _, ...failure } = last;
  return { lastFailure: { ...failure, message: failure.message.slice(0, 4_000) } };
};

const scaleStatus = ({ programs, workloads }: Standing) => {
  const [program] = programs;
  if (program === undefined && workloads.length === 0) return {};
  return {
    replicas: sum(workloads, 'exist'),
    readyReplicas: sum(workloads, 'ready'),
    desiredReplicas: sum(workloads, 'wanted'),
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

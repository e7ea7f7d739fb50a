import type { Program } from '@groundswell/graph';
import type { KubeObject } from '../engine/kube/objects.ts';
import { idOf } from '../plan/located.ts';
import type { JobState, PodState } from '../plan/observed.ts';
import type { Plan, Verdict } from '../plan/plan.ts';
import type { PodReport } from '../plan/pod-report.ts';
import { type Workload, workloadOf } from '../plan/rollout.ts';
import type { Scaling } from '../scale/scaler.ts';
import { type Measures, measure } from './measures.ts';
import { type Training, trainingOf } from './training.ts';

/** What statuses are made from. */
export interface Facts {
  readonly plan: Plan;
  /** What stands in the cluster, of this pipeline. */
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
  readonly jobs: readonly JobState[];
  readonly reports: readonly PodReport[];
  readonly scaling: ReadonlyMap<string, Scaling>;
  /** By `Kind/name`: what could not be applied. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  /** As the API server writes times. */
  readonly now: string;
  readonly version: string;
}

/** How one resource stands. */
export interface Standing {
  readonly verdict: Verdict;
  /** Those that run all the time. */
  readonly programs: readonly Program[];
  /** What trains, by a schedule. */
  readonly training: Training | undefined;
  readonly workloads: readonly Workload[];
  readonly pods: readonly PodState[];
  readonly reports: readonly PodReport[];
  /** Of the program that the resource is about, if its number of pods follows the load. */
  readonly scaling: { readonly newest: Scaling | undefined } | undefined;
  readonly failures: readonly string[];
}

export const standingOf = (verdict: Verdict, facts: Facts): Standing => {
  const { plan, children, pods, reports, scaling, failures } = facts;
  const { kind, metadata } = verdict.object;
  const id = idOf({ kind, name: metadata.name });
  const own = children.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some((owner) => owner.controller === true && idOf(owner) === id),
  );
  const workloads = own.flatMap((child) => workloadOf(child) ?? []);
  const placed = plan.compiled.placements.filter(({ owner }) => idOf(owner) === id).map(({ program }) => program);
  const isOwn = ({ program }: { readonly program: string }): boolean =>
    workloads.some((workload) => workload.program === program);
  const all = plan.compiled.programs.filter(({ name }) => placed.includes(name));
  const programs = all.filter(({ kind }) => kind !== 'trainer');
  const trainer = all.find((program) => program.kind === 'trainer');
  const scaled = plan.scaled.find(({ program }) => program === programs[0]?.name);
  return {
    verdict,
    programs,
    training: trainer && trainingOf(trainer, facts),
    scaling: scaled && { newest: scaling.get(scaled.program) },
    workloads,
    pods: pods.filter(isOwn),
    reports: reports.filter(isOwn),
    failures: failures.get(id) ?? [],
  };
};

/** What the pods of a program measured; undefined where none of them has answered. */
export const measuresOf = ({ reports }: Pick<Standing, 'reports'>, program: string): Measures | undefined => {
  const said = reports.filter((report) => report.program === program);
  return said.length === 0 ? undefined : measure(said);
};

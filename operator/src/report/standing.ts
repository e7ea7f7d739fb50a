import type { Program } from '@groundswell/graph';
import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { idOf } from '../plan/located.ts';
import type { PodState } from '../plan/observed.ts';
import type { Plan, Verdict } from '../plan/plan.ts';
import type { PodReport } from '../plan/pod-report.ts';
import { type Workload, workloadOf } from '../plan/rollout.ts';
import type { Scaling } from '../scale/scaler.ts';
import { type Measures, measure } from './measures.ts';

/** What statuses are made from. */
export interface Facts {
  readonly plan: Plan;
  /** What stands in the cluster, of this pipeline. */
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
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
  readonly programs: readonly Program[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly PodState[];
  readonly reports: readonly PodReport[];
  /** Of the program that the resource is about, if its number of pods follows the load. */
  readonly scaling: { readonly newest: Scaling | undefined } | undefined;
  readonly failures: readonly string[];
}

export const standingOf = (verdict: Verdict, { plan, children, pods, reports, scaling, failures }: Facts): Standing => {
  const { kind, metadata } = verdict.object;
  const id = idOf({ kind, name: metadata.name });
  const own = children.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some((owner) => owner.controller === true && idOf(owner) === id),
  );
  const workloads = own.flatMap((child) => workloadOf(child, programLabel) ?? []);
  const placed = plan.compiled.placements.filter(({ owner }) => idOf(owner) === id).map(({ program }) => program);
  const isOwn = ({ program }: { readonly program: string }): boolean =>
    workloads.some((workload) => workload.program === program);
  const programs = plan.compiled.programs.filter(({ name }) => placed.includes(name));
  const scaled = plan.scaled.find(({ program }) => program === programs[0]?.name);
  return {
    verdict,
    programs,
    scaling: scaled && { newest: scaling.get(scaled.program) },
    workloads,
    pods: pods.filter(isOwn),
    reports: reports.filter(isOwn),
    failures: failures.get(id) ?? [],
  };
};

/** What the pods of a program measured; undefined where none of them has answered. */
export const measuresOf = ({ reports }: Standing, program: string): Measures | undefined => {
  const said = reports.filter((report) => report.program === program);
  return said.length === 0 ? undefined : measure(said);
};

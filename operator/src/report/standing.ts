import type { Program } from '@groundswell/graph';
import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { idOf } from '../plan/located.ts';
import type { PodReport, PodState } from '../plan/observed.ts';
import type { Plan, Verdict } from '../plan/plan.ts';
import { type Workload, workloadOf } from '../plan/rollout.ts';
import { type Measures, measure } from './measures.ts';

/** What statuses are made from. */
export interface Facts {
  readonly plan: Plan;
  /** What stands in the cluster, of this pipeline. */
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
  readonly reports: readonly PodReport[];
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
  readonly failures: readonly string[];
}

export const standingOf = (verdict: Verdict, { plan, children, pods, reports, failures }: Facts): Standing => {
  const { kind, metadata } = verdict.object;
  const id = idOf({ kind, name: metadata.name });
  const own = children.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some((owner) => owner.controller === true && idOf(owner) === id),
  );
  const workloads = own.flatMap((child) => workloadOf(child, programLabel) ?? []);
  const placed = plan.compiled.placements.filter(({ owner }) => idOf(owner) === id).map(({ program }) => program);
  const isOwn = ({ program }: { readonly program: string }): boolean =>
    workloads.some((workload) => workload.program === program);
  return {
    verdict,
    programs: plan.compiled.programs.filter(({ name }) => placed.includes(name)),
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

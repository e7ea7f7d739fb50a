import { applyObjects, type Memory } from './apply/apply.ts';
import { done, type Outcome } from './engine/controller.ts';
import type { Kube } from './engine/kube/kube.ts';
import type { Observed } from './plan/observed.ts';
import { type Plan, type PlanSettings, plan } from './plan/plan.ts';
import type { Recorder } from './report/events.ts';
import { reportStatuses } from './report/report.ts';
import { statusesOf } from './report/status.ts';
import { timeOf } from './report/time.ts';

export interface ReconcileOptions {
  readonly kube: Kube;
  readonly observe: (key: string) => Observed;
  readonly settings: PlanSettings;
  readonly record: Recorder;
  /** Wall time, ms. */
  readonly now: () => number;
  readonly version: string;
  /** Told what was decided, before it is done. */
  readonly onPlanned: (key: string, plan: Plan) => void;
  /** Told of what was written to the API server. */
  readonly onWrites: (writes: { readonly key: string; readonly objects: number; readonly statuses: number }) => void;
}

/**
 * Looks at one pipeline with all that belongs to it, and makes the cluster equal to what it says. Only the name comes in: what to do
 * follows from what there is, however often it is called.
 */
export const createReconcile = (options: ReconcileOptions): ((key: string) => Promise<Outcome>) => {
  const { kube, observe, settings, record, now, version, onPlanned, onWrites } = options;
  const memory: Memory = new Map();
  return async (key) => {
    const observed = observe(key);
    const planned = plan(observed, settings);
    onPlanned(key, planned);
    const applied = await applyObjects(kube, planned, { live: observed.children, memory });
    const reported = statusesOf({
      plan: planned,
      children: observed.children,
      pods: observed.pods,
      jobs: observed.jobs,
      reports: observed.reports,
      scaling: observed.scaling,
      failures: applied.failures,
      now: timeOf(now()),
      version,
    });
    const statuses = await reportStatuses(kube, reported, record);
    onWrites({ key, objects: applied.written + applied.removed, statuses });
    if (applied.errors.length > 0)
      throw new AggregateError(applied.errors, `Cannot make all objects of ${key}: ${applied.errors.length} failed`);
    return done;
  };
};

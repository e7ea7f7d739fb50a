import type { FeatureWindow } from '@groundswell/crds';
import type { Autoscaling } from '../placement.ts';
import type { Reading } from './reading.ts';

type Written = NonNullable<FeatureWindow['spec']['autoscaling']>;

/** Work that several pods can share. */
export interface SharedWork {
  /** Parts that are not divided further; undefined: as many as the topic has. */
  readonly partitions: number | undefined;
  /** The goal of the pipeline, ms. */
  readonly freshnessMs: () => number | undefined;
}

/** Who has no pipeline is not run, either. */
const anyFreshnessMs = 500;

export const compileAutoscaling = (
  { refuse, notYet }: Reading<unknown>,
  written: Written | undefined,
  { freshnessMs }: SharedWork,
): Autoscaling | undefined => {
  if (written === undefined) return undefined;
  const { mode, by, minReplicas, maxReplicas, target, scaleUp, scaleDown, schedules } = written;
  if (by === 'KEDA') notYet(['autoscaling', 'by'], 'use Operator or HPA');
  if (by === 'HPA' && mode === 'Recommend')
    refuse(
      ['autoscaling', 'mode'],
      'Cannot only recommend: a HorizontalPodAutoscaler always acts, write Auto or by: Operator',
    );
  if (schedules.length > 0) notYet(['autoscaling', 'schedules']);
  if (minReplicas === 0)
    refuse(
      ['autoscaling', 'minReplicas'],
      'Cannot scale to zero: it is not supported yet, as only pods of the window tell what waits for it, write 1 or more',
    );
  return {
    by: by === 'HPA' ? 'HPA' : 'Operator',
    acts: mode === 'Auto',
    min: minReplicas,
    max: maxReplicas,
    // What a HorizontalPodAutoscaler knows nothing of is not read, and so refused where it is written.
    freshnessMs: (by === 'HPA' ? undefined : target.freshness) ?? freshnessMs() ?? anyFreshnessMs,
    utilization: target.utilization / 100,
    up: { stabilizationMs: scaleUp.stabilization, maxStep: scaleUp.maxStep },
    down: { stabilizationMs: scaleDown.stabilization, maxStep: scaleDown.maxStep },
  };
};

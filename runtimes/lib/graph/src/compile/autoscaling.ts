import type { FeatureWindow } from '@groundswell/crds';
import type { Autoscaling } from '../placement.ts';
import type { Reading } from './reading.ts';
import { isTimeZone, noTimeZone } from './time-zone.ts';

type Written = NonNullable<FeatureWindow['spec']['autoscaling']>;

/** Work that several pods can share. */
export interface SharedWork {
  /** Parts that are not divided further; undefined: as many as the topic has. */
  readonly partitions: number | undefined;
  /** The goal of the pipeline, ms. */
  readonly freshnessMs: () => number | undefined;
  /** The name in the certificate of its Kafka, where that is another than in the address. */
  readonly serverName: () => string | undefined;
  /** Whether one topic shows all that waits for it, so that somebody else can wake it. */
  readonly wakes: boolean;
}

/** Who has no pipeline is not run, either. */
const anyFreshnessMs = 500;

const others = { HPA: 'a HorizontalPodAutoscaler', KEDA: 'KEDA' } as const;

const schedulesOf = ({ refuse }: Reading<unknown>, { schedules, maxReplicas }: Written): Autoscaling['schedules'] =>
  schedules.map(({ name: _, start, end, timeZone, minReplicas }, i) => {
    if (!isTimeZone(timeZone)) refuse(['autoscaling', 'schedules', i, 'timeZone'], noTimeZone('scale', timeZone));
    if (minReplicas > maxReplicas)
      refuse(
        ['autoscaling', 'schedules', i, 'minReplicas'],
        `Cannot run ${minReplicas} pods at least: maxReplicas is ${maxReplicas}, write at most that`,
      );
    return { start, end, timeZone, minReplicas };
  });

export const compileAutoscaling = (
  reading: Reading<unknown>,
  written: Written | undefined,
  { freshnessMs, serverName, wakes }: SharedWork,
): Autoscaling | undefined => {
  if (written === undefined) return undefined;
  const { refuse, notYet } = reading;
  const { mode, by, minReplicas, maxReplicas, target, scaleUp, scaleDown, schedules } = written;
  if (by === 'KEDA' && !wakes) notYet(['autoscaling', 'by'], 'use Operator or HPA');
  if (minReplicas === 0 && !wakes)
    notYet(['autoscaling', 'minReplicas'], 'write 1 or more: what waits lies in two topics');
  if (by === 'KEDA' && serverName() !== undefined)
    refuse(
      ['autoscaling', 'by'],
      'Cannot scale by KEDA: it cannot be told the kafka.tls.serverName of the pipeline, write by: Operator or HPA',
    );
  if (by !== 'Operator' && mode === 'Recommend')
    refuse(['autoscaling', 'mode'], `Cannot only recommend: ${others[by]} always acts, write Auto or by: Operator`);
  if (by === 'HPA' && schedules.length > 0) notYet(['autoscaling', 'schedules'], 'use by: Operator or KEDA');
  if (minReplicas === 0 && by === 'HPA')
    refuse(
      ['autoscaling', 'minReplicas'],
      'Cannot scale to zero: a HorizontalPodAutoscaler goes by the CPU of pods, write 1 or more, or by: Operator',
    );
  return {
    by,
    acts: mode === 'Auto',
    min: minReplicas,
    max: maxReplicas,
    // What the others know nothing of is not read, and so refused where it is written.
    freshnessMs: (by === 'Operator' ? target.freshness : undefined) ?? freshnessMs() ?? anyFreshnessMs,
    utilization: target.utilization / 100,
    up: { stabilizationMs: scaleUp.stabilization, maxStep: scaleUp.maxStep },
    down: { stabilizationMs: scaleDown.stabilization, maxStep: scaleDown.maxStep },
    schedules: by === 'HPA' ? [] : schedulesOf(reading, written),
  };
};

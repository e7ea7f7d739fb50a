import type { Clock } from './clock.ts';
import type { Metrics } from './metrics.ts';
import { createRecentLatencies, type RecentLatencies } from './recent-latencies.ts';

/**
 * Where the time of an event goes, from its source to what was written of it. Each stage lasts from the end of the one
 * before it: of `ingest` that is the event's own time, of `features` the ingest.
 */
export const stageNames = ['ingest', 'rekey', 'window', 'features', 'score', 'sink', 'alert'] as const;
export type StageName = (typeof stageNames)[number];

/** Of the last minutes, wall time. */
export interface StageReport {
  readonly stage: StageName;
  /** Events, results or predictions, as the stage has them. */
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Stages {
  /** @param ms  what a clock that was put back makes negative counts as nothing */
  note(stage: StageName, ms: number, traceId?: string): void;
  report(): readonly StageReport[];
}

export interface StagesOptions {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Which program of the pipeline it is. */
  readonly program: { readonly name: string; readonly stampLatency?: false | undefined };
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
/** A report is of one to two of these, wall time in ms. */
const spanMs = 150_000;

/** Where the resource does not want latencies stamped, nothing is kept. */
export const createStages = ({ metrics, clock, program }: StagesOptions): Stages => {
  if (program.stampLatency === false) return { note: () => undefined, report: () => [] };
  const seconds = metrics.traced(
    'pipeline_stage_seconds',
    'Time from the end of the stage before to the end of this one: ingest, rekey, window, features, score, sink, alert',
    buckets,
    ['program', 'stage'],
  );
  const observers = new Map(stageNames.map((stage) => [stage, seconds({ program: program.name, stage })]));
  const spans = new Map<StageName, RecentLatencies>();
  const spanOf = (stage: StageName): RecentLatencies => {
    const latencies = spans.get(stage) ?? createRecentLatencies(clock, spanMs);
    spans.set(stage, latencies);
    return latencies;
  };
  return {
    note: (stage, ms, traceId) => {
      const took = Math.max(0, ms);
      spanOf(stage).note(took);
      observers.get(stage)?.(took / 1000, traceId);
    },
    report: () =>
      stageNames.flatMap((stage): StageReport | [] => {
        const recent = spans.get(stage)?.recent();
        if (recent === undefined) return [];
        const { count, quantile } = recent;
        const [p50Ms, p99Ms] = [quantile(0.5), quantile(0.99)];
        return p50Ms === undefined || p99Ms === undefined ? [] : { stage, count, p50Ms, p99Ms };
      }),
  };
};

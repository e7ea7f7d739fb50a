import type { Clock, Report } from '@groundswell/process';
import type { Ledger, PipelineStatus, ProgramStatus } from '@groundswell/wire';
import { healthOf, type Runner, type Unit } from './runner.ts';

export interface StatusReader {
  read(): PipelineStatus;
}

/** Over this much wall time a rate is taken, ms. */
const rateOverMs = 2_000;

/** Records a second, from counts seen at different times. */
const createRates = (clock: Clock): ((name: string, records: number) => number | null) => {
  const seen = new Map<string, { at: number; records: number; rate: number | null }>();
  return (name, records) => {
    const now = clock.now();
    const before = seen.get(name);
    if (before === undefined) {
      seen.set(name, { at: now, records, rate: null });
      return null;
    }
    if (now - before.at < rateOverMs) return before.rate;
    const rate = ((records - before.records) * 1_000) / (now - before.at);
    seen.set(name, { at: now, records, rate });
    return rate;
  };
};

const ledgerOf = (ledger: Report['ledger']): { ledger: Ledger } | undefined => {
  if (ledger === undefined) return undefined;
  const { aggregated, late, filtered, duplicate, deadLettered } = ledger;
  return {
    ledger: {
      in: ledger.in,
      aggregated,
      late,
      filtered,
      duplicate,
      dead_lettered: deadLettered,
      conserved: ledger.in === aggregated + late + filtered + duplicate + deadLettered,
    },
  };
};

const stagesOf = (stages: Report['stages']): Pick<ProgramStatus, 'stages'> =>
  stages === undefined || stages.length === 0
    ? {}
    : { stages: stages.map(({ stage, count, p50Ms, p99Ms }) => ({ stage, count, p50_ms: p50Ms, p99_ms: p99Ms })) };

const largest = (values: readonly (number | null | undefined)[]): number | null =>
  values.reduce<number | null>(
    (most, value) => (value === null || value === undefined ? most : Math.max(most ?? value, value)),
    null,
  );

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (value === null ? total : (total ?? 0) + value), null);

/** What the pipeline is doing, from what its programs report. */
export const createStatusReader = (pipeline: string, runner: Runner, clock: Clock): StatusReader => {
  const startedAt = clock.now();
  const rateOf = createRates(clock);

  const statusOf = (unit: Unit): ProgramStatus => {
    const { records = 0, watermark, eventTime, ledger, stages }: Partial<Report> = unit.running?.report() ?? {};
    const lag = watermark === undefined || eventTime === undefined ? null : Math.max(0, eventTime - watermark);
    return {
      name: unit.program.name,
      kind: unit.program.kind,
      revision: unit.program.revision,
      health: healthOf(unit),
      records,
      records_per_second: rateOf(unit.program.name, records),
      watermark: watermark ?? null,
      watermark_lag_ms: lag,
      ...ledgerOf(ledger),
      ...stagesOf(stages),
    };
  };

  return {
    read: () => {
      const units = runner.units();
      const programs = units.map(statusOf);
      const sources = programs.filter(({ kind }) => kind === 'ingest');
      return {
        pipeline,
        started_at: startedAt,
        at: clock.now(),
        event_time: largest(units.map(({ running }) => running?.report().eventTime)),
        events: sum(sources.map(({ records }) => records)),
        events_per_second: sum(sources.map((program) => program.records_per_second)),
        watermark_lag_ms: largest(programs.map((program) => program.watermark_lag_ms)),
        programs,
      };
    },
  };
};

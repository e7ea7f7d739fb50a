import type { Report } from '@groundswell/process';
import { formatInteger } from './format.ts';

export interface ProgramReport {
  readonly name: string;
  readonly kind: string;
  readonly report: Report;
  /** Wall time from ingest of an event to the prediction that it caused, ms. */
  readonly latency?: { readonly p50Ms: number | undefined; readonly p99Ms: number | undefined };
}

const produced = (reports: readonly ProgramReport[]): readonly string[] => {
  const totals = new Map<string, number>();
  for (const { report } of reports)
    for (const [what, count] of Object.entries(report.produced)) totals.set(what, (totals.get(what) ?? 0) + count);
  return [...totals].map(([what, count]) => `  ${what.padEnd(22)}${formatInteger(count)}`);
};

const ledgers = (reports: readonly ProgramReport[]): readonly string[] =>
  reports.flatMap(({ name, report: { ledger } }) => {
    if (ledger === undefined) return [];
    const { aggregated, late, filtered, duplicate, deadLettered } = ledger;
    const balanced = ledger.in === aggregated + late + filtered + duplicate + deadLettered;
    const parts = { counted: aggregated, late, filtered, duplicate, 'dead-lettered': deadLettered };
    const sum = Object.entries(parts).map(([part, count]) => `${formatInteger(count)} ${part}`);
    return [
      `  ${name.padEnd(22)}${formatInteger(ledger.in)} in = ${sum.join(' + ')}${balanced ? '' : '   NOT CONSERVED'}`,
    ];
  });

const milliseconds = (ms: number | undefined): string =>
  ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

const latencies = (reports: readonly ProgramReport[]): readonly string[] =>
  reports.flatMap(({ name, latency }) =>
    latency === undefined
      ? []
      : [`  ${name.padEnd(22)}p50 ${milliseconds(latency.p50Ms)}, p99 ${milliseconds(latency.p99Ms)}`],
  );

/** What a run did, as lines of text: counts, the ledger of each program, and how long predictions took. */
export const renderSummary = (reports: readonly ProgramReport[], elapsedMs: number): readonly string[] => {
  const events = reports.filter(({ kind }) => kind === 'ingest').reduce((sum, { report }) => sum + report.records, 0);
  return [
    `Ran for ${(elapsedMs / 1_000).toFixed(1)} s`,
    `  ${'events in'.padEnd(22)}${formatInteger(events)}`,
    ...produced(reports),
    'Where every event went',
    ...ledgers(reports),
    'From event to prediction',
    ...latencies(reports),
  ];
};

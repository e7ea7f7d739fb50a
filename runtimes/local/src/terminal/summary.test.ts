import type { Ledger } from '@groundswell/process';
import { expect, test } from 'vitest';
import { type ProgramReport, renderSummary } from './summary.ts';

const reportOf = (name: string, kind: string, over: Partial<ProgramReport['report']> = {}): ProgramReport => ({
  name,
  kind,
  report: { records: 0, watermark: undefined, eventTime: undefined, produced: {}, ...over },
});
const ledger: Ledger = { in: 10, aggregated: 6, late: 1, filtered: 2, duplicate: 0, deadLettered: 1 };

test('a run ends with its counts, ledgers and latencies', () => {
  const reports = [
    reportOf('ingest-demo', 'ingest', { records: 12_345 }),
    reportOf('window-a', 'window', { ledger, produced: { 'windows fired': 7 } }),
    reportOf('window-b', 'window', { produced: { 'windows fired': 4 } }),
    { ...reportOf('scorer-m', 'scorer', { produced: { predictions: 3 } }), latency: { p50Ms: 0.84, p99Ms: 12.4 } },
  ];
  expect(renderSummary(reports, 61_250)).toEqual([
    'Ran for 61.3 s',
    '  events in             12,345',
    '  windows fired         11',
    '  predictions           3',
    'Where every event went',
    '  window-a              10 in = 6 counted + 1 late + 2 filtered + 0 duplicate + 1 dead-lettered',
    'From event to prediction',
    '  scorer-m              p50 0.8 ms, p99 12 ms',
  ]);
});

test('a ledger that does not add up says so', () => {
  const broken = reportOf('window-a', 'window', { ledger: { ...ledger, in: 11 } });
  expect(renderSummary([broken], 0).join('\n')).toContain('NOT CONSERVED');
});

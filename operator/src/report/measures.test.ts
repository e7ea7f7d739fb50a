import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import { isConserved, measure, type Said } from './measures.ts';

const ledger = { in: 10, aggregated: 6, late: 1, filtered: 2, duplicate: 1, deadLettered: 0 };
const report = (change: Partial<ProgramReport> = {}): ProgramReport => ({
  program: 'window-w',
  revision: 'a-b',
  at: 10_000,
  health: { kind: 'ready' },
  records: 500,
  watermark: 1_000,
  eventTime: 2_000,
  busyMs: 200,
  ledger,
  produced: { predictions: 50 },
  ...change,
});
const before = report({ at: 0, records: 100, busyMs: 100, produced: { predictions: 10 } });
const said = (change: Partial<ProgramReport> = {}, previous: ProgramReport | undefined = before): Said => ({
  current: report(change),
  previous,
});

test('two answers of each pod make rates, and all pods make the program', () => {
  expect(measure([said(), said({ watermark: 500, eventTime: 3_000 })])).toMatchObject({
    rate: 80,
    produced: { predictions: 8 },
    watermark: 500,
    eventTime: 3_000,
    ledger: { in: 20, aggregated: 12, late: 2, filtered: 4, duplicate: 2, deadLettered: 0 },
    serviceMs: 0.25,
    revision: 'a-b',
    troubles: [],
  });
});

test('one answer makes no rate, and unknown is not zero', () => {
  const one: Said = { current: report(), previous: undefined };
  expect(measure([said(), one])).toMatchObject({ rate: undefined, serviceMs: undefined });
  expect(measure([])).toMatchObject({ rate: undefined, watermark: undefined, ledger: undefined, revision: undefined });
  expect(measure([said({ watermark: null })])).toMatchObject({ watermark: undefined });
});

test('pods of two revisions have none in common', () => {
  expect(measure([said(), said({ revision: 'a-c' })]).revision).toBeUndefined();
});

test('a pod that waits says for what', () => {
  const health = { kind: 'waiting' as const, reason: 'NoPartitions', message: 'Waits for its partitions' };
  expect(measure([said({ health })]).troubles).toEqual(['window-w waits: Waits for its partitions']);
});

test('keys that pods have let go of are added up', () => {
  const pod = (evictedKeys?: number) => said({ state: { keys: 5, bytes: 9, ...(evictedKeys && { evictedKeys }) } });
  expect(measure([pod(3), pod(), pod(4)]).state).toEqual({ keys: 15, bytes: 27, evictedKeys: 7 });
  expect(measure([pod()]).state).toEqual({ keys: 5, bytes: 9 });
});

test('a ledger is conserved when its parts add up', () => {
  expect(isConserved(ledger)).toBe(true);
  expect(isConserved({ ...ledger, late: 0 })).toBe(false);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramReport } from '@groundswell/process';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { defaultImages } from '../children/render.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { Observed } from '../plan/observed.ts';
import { plan } from '../plan/plan.ts';
import type { PodReport } from '../plan/pod-report.ts';
import { variantsStatus } from './model.ts';
import { statusesOf } from './status.ts';

const written = readFileSync(join(import.meta.dirname, '../children/golden/resources.yaml'), 'utf8');
const resources = parseAllDocuments(written).map((document) => {
  const object = document.toJS() as KubeObject;
  const { name } = object.metadata;
  return { ...object, metadata: { ...object.metadata, namespace: 'social', uid: `uid-${name}`, generation: 1 } };
});
const observed: Observed = {
  namespace: 'social',
  pipeline: 'news',
  resources,
  children: [],
  pods: [],
  jobs: [],
  reports: [],
  scaling: new Map(),
  secrets: new Set(['redis']),
  served: new Set(),
};

const revisionOf = (program: string): string =>
  plan(observed, { images: defaultImages }).compiled.programs.find(({ name }) => name === program)?.revision ?? '';

/** Two answers of a pod, ten seconds apart. */
const reportOf = (
  program: string,
  change: Partial<ProgramReport> = {},
  before: Partial<ProgramReport> = {},
): PodReport => {
  const current: ProgramReport = {
    program,
    revision: revisionOf(program),
    at: 20_000,
    health: { kind: 'ready' },
    records: 1_234,
    busyMs: 100,
    produced: {},
    ...change,
  };
  const previous = { ...current, at: 10_000, records: 0, ...before };
  return { pod: `${program}-0`, program, current, previous, since: 5_000 };
};

/** Statuses with all pods as planned, one for each program. */
const statusOf = (kind: string, reports: readonly PodReport[], before?: object): Record<string, unknown> => {
  const seen = { ...observed, reports, resources: resources.map((one) => ({ ...one, status: before })) };
  const planned = plan(seen, { images: defaultImages });
  const children = planned.objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, generation: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
  }));
  const facts = {
    plan: planned,
    children,
    pods: [],
    jobs: [],
    reports,
    scaling: new Map(),
    failures: new Map(),
    now: '2026-11-21T12:00:00Z',
  };
  const found = statusesOf({ ...facts, version: '1' }).find(({ object }) => object.kind === kind);
  return found?.status ?? {};
};

const conditionIn = (status: Record<string, unknown>, type: string) =>
  (status['conditions'] as { type: string }[]).find((condition) => condition.type === type);
const ledger = { in: 100, aggregated: 90, late: 5, filtered: 5, duplicate: 0, deadLettered: 0 };
const window = 'window-post-10m';

test('a window says what its pods measured: rate, watermark, lag and ledger', () => {
  const said = reportOf(window, { watermark: Date.UTC(2026, 0), eventTime: Date.UTC(2026, 0) + 30_000, ledger });
  const status = statusOf('FeatureWindow', [said]);
  expect(status).toMatchObject({
    eventsPerSecond: 123,
    watermark: { value: '2026-01-01T00:00:00Z', lagSeconds: 30 },
    ledger,
  });
  expect(conditionIn(status, 'Conserved')).toMatchObject({ status: 'True' });
});

test('of pods that do not answer nothing is said', () => {
  const status = statusOf('FeatureWindow', []);
  for (const field of ['eventsPerSecond', 'watermark', 'ledger']) expect(status, field).not.toHaveProperty(field);
  expect(conditionIn(status, 'Conserved')).toBeUndefined();
  expect(conditionIn(status, 'Ready')).toMatchObject({ status: 'True' });
});

test('a revision is acknowledged when the pods run it, and the time of that stays', () => {
  const wanted = revisionOf(window);
  const other = statusOf('FeatureWindow', [reportOf(window, { revision: 'old-one' })]);
  expect(other['revisions']).toEqual([{ program: window, wanted, running: 'old-one' }]);
  const done = statusOf('FeatureWindow', [reportOf(window)]);
  expect(done['revisions']).toEqual([
    { program: window, wanted, running: wanted, acknowledgedAt: '2026-11-21T12:00:00Z' },
  ]);
  const earlier = { revisions: [{ program: window, wanted, running: wanted, acknowledgedAt: '2026-11-20T00:00:00Z' }] };
  expect(statusOf('FeatureWindow', [reportOf(window)], earlier)['revisions']).toEqual(earlier.revisions);
});

test('a ledger that does not add up while nothing moves is told; what is on its way is not', () => {
  const off = { ...ledger, late: 0 };
  const rests = statusOf('FeatureWindow', [reportOf(window, { ledger: off }, { records: 1_234 })]);
  expect(conditionIn(rests, 'Conserved')).toMatchObject({ status: 'False', reason: 'LedgerOff' });
  expect(rests['phase']).toBe('Degraded');
  expect(conditionIn(statusOf('FeatureWindow', [reportOf(window, { ledger: off })]), 'Conserved')).toBeUndefined();
});

test('a program that stands still is the last failure, with its pod, its reason and since when', () => {
  const health = { kind: 'stalled' as const, reason: 'ModelRefused', message: 'Cannot serve it' };
  expect(statusOf('FeatureWindow', [reportOf(window, { health })])['lastFailure']).toEqual({
    pod: `${window}-0`,
    reason: 'ModelRefused',
    message: 'Cannot serve it',
    time: '1970-01-01T00:00:05Z',
  });
});

test('a pipeline says how each source is, and what comes in over all of them', () => {
  const sources = plan(observed, { images: defaultImages }).compiled.programs.filter(({ kind }) => kind === 'ingest');
  const reports = sources.map(({ name }) => reportOf(name, { eventTime: Date.UTC(2026, 0), ledger }));
  const status = statusOf('ViralityPipeline', reports);
  expect(status).toMatchObject({ eventsPerSecond: Number((123.4 * sources.length).toPrecision(3)) });
  expect(status['sources']).toContainEqual({
    name: expect.any(String),
    state: 'Connected',
    eventsPerSecond: 123,
    lastEventAt: '2026-01-01T00:00:00Z',
  });
  const one = statusOf('ViralityPipeline', reports.slice(1));
  expect(one).not.toHaveProperty('eventsPerSecond');
  expect(one['sources']).toContainEqual({ name: expect.any(String), state: 'Pending' });
});

test('a window says how far its new definition is, and when that cannot take over', () => {
  const told = {
    revision: 'r2',
    percent: 40,
    at: Date.UTC(2026, 10),
    message: 'The old definition serves: it is at 40 %.',
  };
  const warming = statusOf('FeatureWindow', [reportOf(window, { redefinition: { ...told, state: 'WarmingUp' } })]);
  expect(warming).toMatchObject({ warmUp: { revision: 'r2', percent: 40, since: '2026-11-01T00:00:00Z' } });
  const conditionOf = (status: Record<string, unknown>) =>
    (status['conditions'] as { type: string }[]).find(({ type }) => type === 'DefinitionInForce');
  expect(conditionOf(warming)).toMatchObject({
    status: 'False',
    reason: 'WarmingUp',
    message: expect.stringContaining('40 %'),
  });
  const failed = { ...told, state: 'Failed' as const, reason: 'WarmUpTooLong' };
  expect(conditionOf(statusOf('FeatureWindow', [reportOf(window, { redefinition: failed })]))).toMatchObject({
    status: 'False',
    reason: 'WarmUpTooLong',
  });
  expect(conditionOf(statusOf('FeatureWindow', [reportOf(window)]))).toMatchObject({
    status: 'True',
    reason: 'InForce',
  });
});

test('a metered source says what it has used, and that it waits for more', () => {
  const [source] = plan(observed, { images: defaultImages }).compiled.programs;
  const quota = { used: 9_900, share: 0.25, exhaustedAt: Date.UTC(2026, 11) };
  const health = { kind: 'waiting', reason: 'QuotaUsedUp', message: 'more tomorrow' } as const;
  expect(statusOf('ViralityPipeline', [reportOf(source?.name ?? '', { quota, health })])['sources']).toContainEqual(
    expect.objectContaining({
      state: 'OutOfQuota',
      message: 'more tomorrow',
      quota: { used: 9_900, share: 0.25, exhaustedAt: '2026-12-01T00:00:00Z' },
    }),
  );
});

test('a source whose replay is over has ended', () => {
  const [source] = plan(observed, { images: defaultImages }).compiled.programs;
  const said = reportOf(source?.name ?? '', { watermark: Number.MAX_SAFE_INTEGER });
  expect(statusOf('ViralityPipeline', [said])['sources']).toContainEqual(expect.objectContaining({ state: 'Ended' }));
});

test('a model whose rows are otherwise than in training says so, and how far', () => {
  const scorer = plan(observed, { images: defaultImages }).compiled.programs.find(({ kind }) => kind === 'scorer');
  if (scorer?.kind !== 'scorer') throw new Error('no scorer among the resources');
  const artifact = { uri: 'a.onnx', sha256: 'a'.repeat(64) };
  const variants = [{ name: 'champion', share: 100, shadow: false, artifact, positiveClass: 1 }];
  const saying = (problem?: string) => {
    const drift = { score: 0.3, worstFeature: 'followers', worstFeaturePsi: 0.7, ...(problem && { problem }) };
    return [reportOf(scorer.name, { variants: [{ name: 'champion', shadow: false, share: 100, drift }] })];
  };
  const condition = (reports: readonly PodReport[]) => conditionIn(statusOf('ScoringModel', reports), 'Stable');
  expect(condition(saying('Variant "a": it drifted'))).toMatchObject({
    ...{ status: 'False', reason: 'Drifted', message: 'Variant "a": it drifted' },
  });
  expect(condition(saying())).toMatchObject({ status: 'True' });
  expect(condition([])).toBeUndefined();
  expect(variantsStatus({ reports: saying() }, { ...scorer, variants })['drift']).toEqual({
    ...{ scorePsi: 0.3, worstFeature: 'followers', worstFeaturePsi: 0.7 },
  });
});

import type { KubeObject } from '@groundswell/operator/kube';
import { podType } from '@groundswell/operator/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putPod } from './fake-pod.ts';
import { featureWindow, inNamespace, pipeline } from './resources.ts';
import { conditionOf, eventually, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.operator({ 'leader-election': 'false', 'report-seconds': '0.2', 'status-seconds': '0.5' });
});
afterAll(() => world?.stop());

const program = 'window-post-10m';
const ledger = { in: 100, aggregated: 90, late: 4, filtered: 6, duplicate: 0, deadLettered: 0 };

/** The report number `n` of a pod. */
const reportOf = (n: number, change: object) => {
  const counts = { records: n * 10, busyMs: n * 10, produced: {}, ledger };
  return { program, revision: '', at: Date.now(), health: { kind: 'ready' }, ...counts, ...change };
};

const windowSeen = async (): Promise<KubeObject | undefined> =>
  (await world.resources('default')).find(({ kind }) => kind === 'FeatureWindow');
const statusIn = (object: KubeObject | undefined) => (object?.status ?? {}) as Record<string, unknown>;

test('what a pod says of itself stands in the status of its resource, and is gone when it says nothing more', async () => {
  await world.plane.apply(inNamespace('default', [pipeline('news'), featureWindow('post-10m', 'news')]));
  const first = await eventually('the window is deployed', windowSeen, {
    isSo: (object) => conditionOf(object, 'Ready')?.status === 'True',
  });
  const [{ wanted = '' } = {}] = statusIn(first)['revisions'] as { wanted?: string }[];
  let health: object = { kind: 'ready' };
  const at = Date.UTC(2026, 0);
  const report = (n: number) => reportOf(n, { revision: wanted, watermark: at, eventTime: at + 5_000, health });
  await putPod(world.kube, { pipeline: 'news', program, report });
  const seen = await eventually('the report has arrived', windowSeen, {
    isSo: (object) => Number(statusIn(object)['eventsPerSecond']) > 0,
  });
  expect(statusIn(seen)).toMatchObject({
    watermark: { value: '2026-01-01T00:00:00Z', lagSeconds: 5 },
    ledger,
    revisions: [{ program, wanted, running: wanted, acknowledgedAt: expect.stringContaining('Z') }],
  });
  expect(conditionOf(seen, 'Conserved')?.status).toBe('True');

  health = { kind: 'stalled', reason: 'ModelRefused', message: 'Cannot serve it' };
  const stalled = await eventually('the failure is told', windowSeen, {
    isSo: (object) => statusIn(object)['lastFailure'] !== undefined,
  });
  expect(statusIn(stalled)['lastFailure']).toMatchObject({ pod: `news-${program}-0`, message: 'Cannot serve it' });

  await world.kube.remove(podType, { namespace: 'default', name: `news-${program}-0` });
  const gone = await eventually('nothing is known any more', windowSeen, {
    isSo: (object) => statusIn(object)['eventsPerSecond'] === undefined,
  });
  expect(statusIn(gone)).not.toHaveProperty('watermark');
});

/** Ten thousand records a second come, and each takes a millisecond; ten seconds lie between two answers. */
const busyReport = (n: number, program: string) => {
  const end = Math.round((n * 100_000) / 12);
  const partitions = Array.from({ length: 12 }, (_, partition) => ({
    ...{ topic: 'busy.events', partition, end, committed: end, taken: end },
  }));
  const at = n * 10_000;
  return {
    program,
    revision: '',
    at,
    health: { kind: 'ready' },
    records: n,
    busyMs: n,
    produced: {},
    inputs: { at, partitions },
  };
};

test('the number of pods follows the load, with an Event that has the inputs; Recommend only says it', async () => {
  const autoscaling = { minReplicas: 1, maxReplicas: 6 };
  const written = [
    pipeline('busy'),
    featureWindow('acts', 'busy', { autoscaling }),
    featureWindow('says', 'busy', { autoscaling: { ...autoscaling, mode: 'Recommend' } }),
  ];
  await world.plane.apply(inNamespace('default', written));
  const windows = async () => (await world.resources('default')).filter(({ kind }) => kind === 'FeatureWindow');
  await eventually('both are deployed', windows, {
    isSo: (seen) => seen.filter((object) => conditionOf(object, 'Ready')?.status === 'True').length >= 2,
  });
  for (const name of ['window-acts', 'window-says'])
    await putPod(world.kube, { pipeline: 'busy', program: name, report: (n) => busyReport(n, name) });
  const scalingOf = (seen: readonly KubeObject[], name: string) =>
    statusIn(seen.find(({ metadata }) => metadata.name === name))['scaling'];
  const seen = await eventually('both have decided', windows, {
    isSo: (now) => ['acts', 'says'].every((name) => (scalingOf(now, name) as { to?: number } | undefined)?.to === 6),
  });
  const message = expect.stringContaining('10000/s come');
  expect(scalingOf(seen, 'acts')).toMatchObject({ from: 1, to: 6, reason: 'MoreArrivals', applied: true, message });
  expect(scalingOf(seen, 'says')).toMatchObject({ from: 1, to: 6, applied: false, message });
  const replicas = async () =>
    (await world.children('default'))
      .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith('busy-window'))
      .map(({ metadata, spec }) => `${metadata.name} ${(spec as { replicas: number }).replicas}`)
      .sort();
  await eventually('one has as many pods', replicas, {
    isSo: (counts) => counts.join() === 'busy-window-acts 6,busy-window-says 1',
  });
  const events = await world.plane.kubectl('get', 'events.events.k8s.io', '-n', 'default', '-o', 'json');
  const told = (JSON.parse(events) as { items: { reason: string; note: string; regarding: { name: string } }[] }).items
    .filter(({ note }) => note?.startsWith('From '))
    .map(({ reason, regarding }) => `${regarding.name} ${reason}`);
  expect(told.sort()).toEqual(['acts ScaledUp', 'says ScalingRecommended']);
});

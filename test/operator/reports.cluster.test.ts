import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '@groundswell/operator/kube';
import { podType } from '@groundswell/operator/plan';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
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

/** What a pod answers; a real one is tested where there are nodes. */
const startPod = async (change: () => object): Promise<number> => {
  let records = 0;
  const server = createServer((_, response) => {
    records += 10;
    const counts = { records, busyMs: records, uncommitted: 0, produced: {}, ledger };
    const report = { program, revision: '', at: Date.now(), health: { kind: 'ready' }, ...counts, ...change() };
    response.end(JSON.stringify(report));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const putPod = async (port: number): Promise<void> => {
  const labels = {
    'app.kubernetes.io/managed-by': 'groundswell',
    'app.kubernetes.io/instance': 'news',
    'groundswell.dev/program': program,
  };
  const metadata = { name: `news-${program}-0`, namespace: 'default', labels };
  const container = { name: 'main', image: 'none', ports: [{ name: 'health', containerPort: port }] };
  const spec = { serviceAccountName: `news-${program}`, containers: [container] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata };
  await world.kube.apply(podType, { ...pod, spec }, { fieldManager: 'test' });
  const status = {
    phase: 'Running',
    podIP: '127.0.0.1',
    podIPs: [{ ip: '127.0.0.1' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  await world.kube.apply(podType, { ...pod, status }, { fieldManager: 'kubelet', subresource: 'status' });
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
  const port = await startPod(() => ({ revision: wanted, watermark: at, eventTime: at + 5_000, health }));
  await putPod(port);
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

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createMetrics, type Health } from '@groundswell/process';
import { expect, onTestFinished, test } from 'vitest';
import { startHealthServer } from './health-server.ts';

const host = '127.0.0.1';

const startWith = async (health: Health) => {
  const metrics = createMetrics();
  metrics.counter('steps_total', 'Steps').inc(3);
  const server = await startHealthServer({
    host,
    port: 0,
    health: () => health,
    metrics,
    report: () => ({ records: 3 }),
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return (path: string) => fetch(`http://${host}:${port}${path}`);
};

const waiting: Health = { kind: 'waiting', reason: 'NotAssigned', message: 'Waits for its partitions' };
const stalled: Health = { kind: 'stalled', reason: 'ModelRefused', message: 'Cannot serve it' };

test.each([
  { health: { kind: 'ready' } as const, status: 200 },
  { health: waiting, status: 503 },
  { health: stalled, status: 503 },
])('a program that is $health.kind is answered with $status, and with why', async ({ health, status }) => {
  const ask = await startWith(health);
  const answer = await ask('/readyz');
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual(health);
});

test('a stalled program is alive: starting it again would not help', async () => {
  const ask = await startWith(stalled);
  expect((await ask('/healthz')).status).toBe(200);
});

test('metrics are given in the form of Prometheus', async () => {
  const answer = await (await startWith({ kind: 'ready' }))('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  expect(await answer.text()).toContain('steps_total 3');
});

test('what the program has done is given as JSON', async () => {
  expect(await (await (await startWith(stalled))('/report')).json()).toEqual({ records: 3 });
});

test('nothing else is there', async () => {
  expect((await (await startWith({ kind: 'ready' }))('/')).status).toBe(404);
});

test('a port in use is said', async () => {
  const other = createServer().listen(0, host);
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const start = startHealthServer({
    host,
    port,
    health: () => ({ kind: 'ready' }),
    metrics: createMetrics(),
    report: () => ({}),
  });
  await expect(start).rejects.toThrow(
    `Cannot listen on ${host}:${port}: the port is in use, set HEALTH_HOST and HEALTH_PORT to a free address`,
  );
});

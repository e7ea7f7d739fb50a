import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '@groundswell/stores';
import {
  Heatmap,
  keysOf,
  PipelineStatus,
  PostPredictions,
  Problem,
  type RolloutStatus,
  Rollouts,
  TopPosts,
} from '@groundswell/wire';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ApiRunning, startApi } from './start.ts';
import { address, createPorts, model, program, status, writePost } from './test/world.ts';

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning;

beforeEach(async () => {
  ports = await createPorts();
  api = await startApi(program(), ports, { ...address, status: () => status });
});
afterEach(() => api.stop());

const get = (path: string, init?: RequestInit) => fetch(`${api.url}${path}`, init);
const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return Problem.parse(await response.json());
};

test('the top is the highest scores first, as many as were asked for', async () => {
  for (let i = 1; i <= 12; i++) await writePost(ports, `p${i}`, i / 100);
  const byDefault = TopPosts.parse(await (await get('/v1/top')).json());
  expect(byDefault.posts.map((post) => post.post_id)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((i) => `p${i}`));
  const two = TopPosts.parse(await (await get('/v1/top?limit=2&model=virality')).json());
  expect(two.posts.map(({ rank, score }) => ({ rank, score }))).toEqual([
    { rank: 1, score: 0.12 },
    { rank: 2, score: 0.11 },
  ]);
});

test('an unchanged top is not sent again to whoever has it', async () => {
  await writePost(ports, 'p1', 0.5);
  const tag = (await get('/v1/top')).headers.get('etag') ?? '';
  expect(tag).not.toBe('');
  expect((await get('/v1/top', { headers: { 'if-none-match': tag } })).status).toBe(304);
  await writePost(ports, 'p1', 0.6);
  expect((await get('/v1/top', { headers: { 'if-none-match': tag } })).status).toBe(200);
});

test('all of one post is answered by its id, also where the id needs escaping', async () => {
  await writePost(ports, 'at://did/app.bsky/1', 0.5);
  const found = PostPredictions.parse(
    await (await get(`/v1/predictions/${encodeURIComponent('at://did/app.bsky/1')}`)).json(),
  );
  expect(found).toMatchObject({ model: 'virality', reposts: 7, post: { text: 'text of at://did/app.bsky/1' } });
  expect(found.predictions.map(({ variant, score }) => ({ variant, score }))).toEqual([
    { variant: 'champion', score: 0.5 },
  ]);
});

test('the heatmap is the series that the window wrote', async () => {
  const batch = ports.keyValue.batch();
  const row = { window: 'engagement', key: [], start: 0, end: 3_600_000, values: { events: 5 } };
  batch.sortedAdd('engagement', [{ member: JSON.stringify(row), score: row.end }]);
  await batch.run();
  expect(Heatmap.parse(await (await get('/v1/heatmap')).json())).toEqual({
    window: 'engagement',
    cells: [{ start: 0, end: 3_600_000, values: { events: 5 } }],
  });
});

test('the rollouts are those that models have', async () => {
  expect(Rollouts.parse(await (await get('/v1/rollouts')).json())).toEqual({ rollouts: [] });
  expect(await problemOf(await get('/v1/rollouts/virality'))).toMatchObject({
    status: 404,
    detail: 'Cannot show a rollout of model "virality": it has none, or has scored nothing yet',
  });
  const measured = {
    ...{ sha256: 'ab', share: 50, labels: 0, positives: 0, auc: null, aucLow: null, aucHigh: null },
    ...{ logLoss: null, calibrationError: null, liftAt10: null, p99Ms: null },
  };
  const rollout: RolloutStatus = {
    ...{ model: 'virality', at: 1, phase: 'Running', step: 0, steps: 2, since: 0, doing: 'Begins' },
    verdict: {
      ...{ state: 'Collecting', reason: 'none yet', metric: 'Auc', difference: null, low: null, high: null },
      ...{ evidence: 1, labels: 0, labelsNeeded: null, expectedAt: null },
    },
    champion: { name: 'champion', ...measured },
    challenger: { name: 'challenger', ...measured },
    ...{ waiting: 3, missing: 0, corrected: 0 },
  };
  const batch = ports.keyValue.batch();
  batch.hashSet(keysOf('demo').rollout('virality'), { status: JSON.stringify(rollout) });
  await batch.run();
  expect(Rollouts.parse(await (await get('/v1/rollouts')).json())).toEqual({ rollouts: [rollout] });
  expect(await (await get('/v1/rollouts/virality')).json()).toEqual(rollout);
  expect((await get('/v1/rollouts/fame')).status).toBe(404);
});

test('status, health and metrics are answered', async () => {
  expect(await (await get('/v1/status')).json()).toEqual(status);
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  await get('/v1/predictions/secret-id');
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toContain('api_requests_total{route="/v1/predictions/:id",method="GET",status="404"} 1');
  expect(metrics).not.toContain('secret-id');
});

test.each([
  { path: '/v1/top?limit=0', status: 400, detail: /limit is "0", a whole number from 1 to 100 is needed/ },
  { path: '/v1/top?lim=1', status: 400, detail: /the parameter "lim" is not known/ },
  { path: '/v1/top?model=x', status: 404, detail: /none of that name, one of "virality" is needed/ },
  { path: '/v1/predictions/none', status: 404, detail: /has scored no such post/ },
  { path: '/v1/stream?events=x', status: 400, detail: /the event "x" is not known/ },
  { path: '/v2', status: 404, detail: /Cannot find \/v2: nothing is served there/ },
  { path: '/%zz', status: 404, detail: /nothing is served there/ },
])('$path is answered with the problem $status', async ({ path, status: expected, detail }) => {
  const response = await get(path);
  expect(response.status).toBe(expected);
  const problem = await problemOf(response);
  expect(problem.status).toBe(expected);
  expect(problem.detail).toMatch(detail);
});

test('a method that a path does not know is answered with those it knows', async () => {
  const response = await get('/v1/top', { method: 'DELETE' });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD');
  expect((await problemOf(response)).detail).toBe(
    'Cannot DELETE /v1/top: it answers GET, HEAD only, one of them is needed',
  );
});

test('a pipeline without a heatmap says what to declare', async () => {
  const { heatmap: _, ...without } = program();
  expect(await api.update({ ...without, revision: 'r2' })).toBe(true);
  const response = await get('/v1/heatmap');
  expect(response.status).toBe(404);
  expect((await problemOf(response)).detail).toMatch(/spec\.ui\.heatmap\.windowRef is needed/);
});

test('models are live, the name of the pipeline is not', async () => {
  expect(await api.update(program({ models: [model('spam')] }))).toBe(true);
  expect(await (await get('/v1/top')).json()).toMatchObject({ model: 'spam', posts: [] });
  expect(await api.update(program({ pipeline: 'other' }))).toBe(false);
});

test('a store that does not answer is a problem 503, and the API is not ready', async () => {
  const failing: Ports['keyValue'] = {
    batch: () => ({ ...ports.keyValue.batch(), run: () => Promise.reject(new Error('connection refused')) }),
    close: async () => undefined,
  };
  const broken = await startApi(program(), { ...ports, keyValue: failing }, { ...address, status: () => status });
  const top = await fetch(`${broken.url}/readyz`);
  expect(top.status).toBe(503);
  expect((await problemOf(top)).detail).toBe('Cannot read the store: it does not answer, try again in a few seconds');
  expect((await fetch(`${broken.url}/healthz`)).status).toBe(200);
  await broken.stop();
});

test('a bug is a problem 500 that gives nothing away', async () => {
  const broken = await startApi(program(), ports, {
    ...address,
    status: () => {
      throw new Error('internal path /etc/passwd');
    },
  });
  const response = await fetch(`${broken.url}/v1/status`);
  expect(response.status).toBe(500);
  expect((await problemOf(response)).detail).not.toContain('passwd');
  await broken.stop();
});

test('every answer forbids what a page of ours does not need', async () => {
  for (const path of ['/v1/top', '/nowhere']) {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a port in use is named, with what to do', async () => {
  const port = Number(new URL(api.url).port);
  await expect(startApi(program(), ports, { ...address, port, status: () => status })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port}: the port is in use, pass another --host or --port`,
  );
});

test('the page is served with its own files only', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'groundswell-ui-'));
  await writeFile(join(directory, 'index.html'), '<title>page</title>');
  const withPage = await startApi(program({ ui: true }), ports, {
    ...address,
    uiDirectory: directory,
    status: () => status,
  });
  const page = await fetch(withPage.url);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toBe('<title>page</title>');
  const tag = page.headers.get('etag') ?? '';
  expect((await fetch(withPage.url, { headers: { 'if-none-match': tag } })).status).toBe(304);
  expect((await fetch(`${withPage.url}/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  await withPage.stop();
});

test('a page that is not built is refused at the start, with the command that builds it', async () => {
  const starting = startApi(program({ ui: true }), ports, {
    ...address,
    uiDirectory: join(tmpdir(), 'groundswell-no-such-folder'),
    status: () => status,
  });
  await expect(starting).rejects.toThrow(/it holds no index\.html, run npm run build -w @groundswell\/ui$/);
});

test('in a pod of its own it says of itself how it is, and of the others that it does not know', async () => {
  const alone = await startApi(program(), ports, address);
  onTestFinished(() => alone.stop());
  await alone.update(program({ revision: 'r2' }));
  const own = PipelineStatus.parse(await (await fetch(`${alone.url}/v1/status`)).json());
  expect(own).toMatchObject({ pipeline: 'demo', started_at: 1_000_000, events: null });
  expect(own.programs.map(({ name, revision, health }) => ({ name, revision, health }))).toEqual([
    { name: 'api', revision: 'r2', health: { kind: 'ready' } },
  ]);
});

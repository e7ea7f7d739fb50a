import {
  FeatureValues,
  Heatmap,
  keysOf,
  ModelCard,
  ModelCards,
  type ModelTraining,
  type ServedVariant,
  TopPosts,
} from '@groundswell/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenApi } from './contract/openapi.ts';
import { type ApiRunning, startApi } from './start.ts';
import { address, createPorts, model, program, status, writePost } from './test/world.ts';

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning;

const views = {
  models: [
    {
      ...model('virality'),
      features: [{ name: 'reposts', from: 'post-1h.reposts', default: 0 }],
      outcome: { name: 'viral', rule: { kind: 'count', where: 'true', atLeast: 57, maturityMs: 86_400_000 } } as const,
      variants: [{ name: 'champion', share: 100, shadow: false, sha256: 'ab', uri: './m.onnx' }],
    },
  ],
  windows: [
    { name: 'post-1h', hash: 'post:{post_id}', key: ['post_id'], values: ['reposts', 'tags', 'none'] },
    { name: 'pair', hash: 'pair:{user_id}:{tag}', key: ['user_id', 'tag'], values: ['n'] },
    { name: 'all', hash: 'all', key: [], values: ['events'] },
  ],
};

beforeEach(async () => {
  ports = await createPorts();
  api = await startApi(program(views), ports, { ...address, status: () => status });
});
afterEach(() => api.stop());

const get = (path: string, init?: RequestInit) => fetch(`${api.url}${path}`, init);
const json = async (path: string): Promise<unknown> => (await get(path)).json();

test('the document that is served is the one that is committed', async () => {
  const document = JSON.stringify(await json('/openapi.json'), null, 2);
  await expect(`${document}\n`).toMatchFileSnapshot('../../../docs/api/openapi.json');
});

test('every reference in the document leads somewhere, and no operation has the name of another', async () => {
  const text = await (await get('/openapi.json')).text();
  const { components, paths } = JSON.parse(text) as OpenApi;
  const wanted = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
  expect(wanted.size).toBeGreaterThan(15);
  expect([...wanted].filter((name) => !(`${name}` in components.schemas))).toEqual([]);
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((each) => each.operationId));
  expect(ids.length).toBe(new Set(ids).size);
});

test('the reference page names every operation and schema, and asks for nothing from elsewhere', async () => {
  const page = await (await get('/reference')).text();
  const { components, paths } = (await json('/openapi.json')) as OpenApi;
  for (const name of Object.keys(components.schemas)) expect(page).toContain(`id="${name}"`);
  for (const methods of Object.values(paths))
    for (const { operationId } of Object.values(methods)) expect(page).toContain(`id="${operationId}"`);
  expect(page).not.toMatch(/https?:|<script/);
  const style = /href="(\/reference-\w+\.css)"/.exec(page)?.[1] ?? '';
  expect((await get(style)).headers.get('content-type')).toBe('text/css; charset=utf-8');
});

test('pages of the top follow one another without a gap or a repeat, also where scores are equal', async () => {
  for (let i = 0; i < 25; i++) await writePost(ports, `p${i}`, i % 3 === 0 ? 0.5 : i / 100);
  const whole = TopPosts.parse(await json('/v1/top?limit=100'));
  expect(whole.next_cursor).toBeNull();
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null; page++) {
    const { posts, next_cursor }: TopPosts = TopPosts.parse(
      await json(`/v1/top?limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`),
    );
    expect(posts.map(({ rank }) => rank)).toEqual(posts.map((_, i) => page * 10 + i + 1));
    seen.push(...posts.map(({ post_id }) => post_id));
    cursor = next_cursor;
  }
  expect(seen).toEqual(whole.posts.map(({ post_id }) => post_id));
  expect(await json('/v1/top?cursor=x')).toMatchObject({ status: 400 });
});

test('features are read as the window wrote them', async () => {
  const batch = ports.keyValue.batch();
  batch.hashSet('post:p1', { reposts: '7', tags: '["a"]', '@post-1h': '60000', other: '1' });
  batch.hashSet('pair:u1:a,b', { n: '2.5', '@pair': '60000' });
  batch.hashSet('all', { events: '9', '@all': '60000' });
  batch.hashSet(keysOf('demo').watermarks('post-1h'), { 0: '55000' });
  await batch.run();
  expect(FeatureValues.parse(await json('/v1/features/post-1h/p1'))).toEqual({
    window: 'post-1h',
    key: [{ name: 'post_id', value: 'p1' }],
    values: { reposts: 7, tags: ['a'], none: null },
    end: 60_000,
    watermark: 55_000,
  });
  expect(await json(`/v1/features/pair/u1,${encodeURIComponent('a%2Cb')}`)).toMatchObject({ values: { n: 2.5 } });
  expect(await json('/v1/features/all')).toMatchObject({ key: [], values: { events: 9 } });
  expect(await json('/v1/features/post-1h/p2')).toMatchObject({ status: 404 });
  expect(await json('/v1/features/pair/u1')).toMatchObject({
    detail: 'Cannot read the window "pair": the key has 1 parts, user_id,tag are needed',
  });
  expect(await json('/v1/features/x/u1')).toMatchObject({ status: 404 });
});

test('the card of a model says what it reads, what it predicts, and what serves', async () => {
  const { models } = ModelCards.parse(await json('/v1/models'));
  expect(models).toEqual([await json('/v1/models/virality')]);
  expect(models[0]).toMatchObject({
    features: [{ name: 'reposts', from: 'post-1h.reposts', default: 0 }],
    predicts: { outcome: 'viral', at_least: 57, within_ms: 86_400_000 },
  });
  expect(models[0]?.variants).toEqual([
    { name: 'champion', share: 100, shadow: false, sha256: 'ab', uri: './m.onnx', training: null },
  ]);
});

test('once a model serves, its card is that of the file, with all that its trainer wrote', async () => {
  const distribution = { missing: 0.1, edges: [0.5], shares: [0.25, 0.75] };
  const training: ModelTraining = {
    algorithm: { type: 'XGBoost', params: { trees: 9 }, seed: 1 },
    ...{ rows: 20, posts: 10, positives: 4, posted_from: 1, posted_to: 2, rows_sha256: 'cd' },
    held_out: { rows: 5, positives: 1, metrics: { Auc: 0.9, LiftAt1: null } },
    gates: [{ metric: 'Auc', min: 0.78, value: 0.9, passed: true }],
    champion: { rows: 5, positives: 1, auc: 0.9, champion_auc: null },
    parity_error: 1e-7,
    importances: { reposts: 1 },
    summary: { features: { reposts: distribution }, score: distribution },
  };
  const served: ServedVariant = { sha256: 'ef', uri: 's3://models/m.onnx', training };
  const batch = ports.keyValue.batch();
  batch.hashSet(keysOf('demo').served('virality'), { champion: JSON.stringify(served), gone: JSON.stringify(served) });
  await batch.run();
  const card = ModelCard.parse(await json('/v1/models/virality'));
  expect(card.variants).toEqual([{ name: 'champion', share: 100, shadow: false, ...served }]);
});

test('a topK of the window of the heatmap is a group of its values', async () => {
  const batch = ports.keyValue.batch();
  const values = {
    events: 5,
    sources: [
      { value: 'x', count: 3 },
      { value: 'bluesky', count: 2 },
    ],
  };
  const row = { window: 'engagement', key: [], start: 0, end: 3_600_000, values };
  batch.sortedAdd('engagement', [{ member: JSON.stringify(row), score: row.end }]);
  await batch.run();
  expect(Heatmap.parse(await json('/v1/heatmap')).cells).toEqual([
    { start: 0, end: 3_600_000, values: { events: 5 }, groups: { sources: { x: 3, bluesky: 2 } } },
  ]);
});

test('a body that is not JSON by its type is a problem 415', async () => {
  const response = await get('/v1/follows', { method: 'POST', body: '{}' });
  expect(response.status).toBe(415);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

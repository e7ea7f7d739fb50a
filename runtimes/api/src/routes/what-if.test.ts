import { Problem } from '@groundswell/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiOptions, type ApiRunning, startApi } from '../start.ts';
import { address, createPorts, model, program, status, writePost } from '../test/world.ts';

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning | undefined;
beforeEach(async () => {
  ports = await createPorts();
  await writePost(ports, 'p1', 0.5);
});
afterEach(() => api?.stop());

type Scorer = NonNullable<ApiOptions['scoreItems']>;

/** The sum of what is known, of ten. */
const summing: Scorer = async (request) => ({
  ...{ model: request.model, at: 1 },
  scores: (request.as_if ?? []).map(({ post_id, vector }) => ({
    ...{ post_id, variant: 'champion', score: vector.reduce<number>((sum, value) => sum + (value ?? 0), 0) / 10 },
    why: [{ feature: 'reposts', value: vector[0] ?? null, effect: 0.1, text: 'reposts' }],
  })),
});

const start = async (scoreItems: Scorer | undefined, names = ['reposts', 'followers']): Promise<void> => {
  const models = [{ ...model('virality'), features: names.map((name) => ({ name, from: 'x' })) }];
  const options = { ...address, status: () => status, ...(scoreItems && { scoreItems }) };
  api = await startApi(program({ models }), ports, options);
};
const ask = (changes: object, post = 'p1') =>
  fetch(`${api?.url}/v1/predictions/${post}/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ changes }),
  });
const refusal = async (response: Response): Promise<readonly [number, string]> => [
  response.status,
  Problem.parse(await response.json()).detail,
];

test('the logged vector is scored as it is and as it is changed, by one variant', async () => {
  await start(summing);
  expect(await (await ask({ reposts: 4, followers: 2 })).json()).toEqual({
    ...{ model: 'virality', post_id: 'p1', variant: 'champion', scored_at: 61_000, before: 0.1, score: 0.6 },
    features: [
      { name: 'reposts', value: 1, what_if: 4 },
      { name: 'followers', value: null, what_if: 2 },
    ],
    why: [{ feature: 'reposts', value: 4, effect: 0.1, text: 'reposts' }],
  });
  expect(await (await ask({ reposts: null })).json()).toMatchObject({ before: 0.1, score: 0 });
});

test('what cannot be asked is refused with the reason', async () => {
  await start(summing);
  expect(await refusal(await ask({ nonsense: 1 }))).toEqual([
    400,
    'Cannot ask what if: "nonsense" is no feature of the model, one of reposts, followers is needed',
  ]);
  expect((await ask({ reposts: 'many' })).status).toBe(400);
  expect((await refusal(await ask({}, 'p2')))[0]).toBe(404);
});

test('a post that other features scored waits for a newer score', async () => {
  await start(summing, ['reposts', 'followers', 'new']);
  expect(await refusal(await ask({}))).toEqual([409, expect.stringContaining('by 2 features, the model has 3 now')]);
});

test('a model that gives no score says so, and a scorer that does not answer is worth another try', async () => {
  const problem = 'Cannot score the post: the model gave no probability';
  await start(async ({ model }) => ({ model, at: 1, scores: [{ post_id: 'p1', score: null, problem }] }));
  expect(await refusal(await ask({}))).toEqual([409, problem]);
  await api?.stop();
  await start(() => Promise.reject(new Error('connect ECONNREFUSED')));
  expect((await ask({})).status).toBe(503);
  await api?.stop();
  await start(undefined);
  expect((await ask({})).status).toBe(503);
});

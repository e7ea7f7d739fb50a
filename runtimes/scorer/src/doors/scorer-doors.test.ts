import { createLogger, createMetrics } from '@groundswell/process';
import { ScoreResponse } from '@groundswell/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { classified, event, program, servingSpec, variant } from '../../test/builders.ts';
import { openGrpc } from '../../test/door-rig.ts';
import { decodeBy, encodeBy } from '../../test/proto.ts';
import { type Rig, startRig } from '../../test/rig.ts';
import { createDoors, type Doors } from './doors.ts';

let doors: Doors;
let rig: Rig;
beforeEach(() => {
  doors = createDoors({
    host: '127.0.0.1',
    ports: { grpc: 0, http: 0 },
    metrics: createMetrics(),
    logger: createLogger('doors', 'silent'),
  });
});
afterEach(async () => {
  await doors.close();
  await rig.running.stop();
});

const send = (path: string, body: object) =>
  fetch(`http://127.0.0.1:${doors.ports().http}${path}`, { method: 'POST', body: JSON.stringify(body) });
const score = async (body: object) => ScoreResponse.parse(await (await send('/v1/score', body)).json());
const post = (id: string, at = 0) => event('post', id, at);
/** As of the stream's newest event. */
const later = { watermark: 400_000 };

test('a post scored by its id or by its event has the score that the stream gave it', async () => {
  rig = await startRig(program(), 1, doors);
  await rig.write('w:p1', { reposts: '4' });
  const one = post('p1');
  await rig.send([one, later]);
  await rig.run();
  const [, streamed] = await rig.predictions();
  expect(streamed).toMatchObject({ post_id: 'p1', age_ms: 300_000 });
  const { ingested_at: _, source: __, id: ___, ...sent } = one;
  const response = await score({ post_ids: ['p1', 'nobody'], events: [sent], at: 300_000 });
  const wanted = {
    post_id: 'p1',
    score: streamed?.score,
    variant: 'champion',
    digest: streamed?.digest,
    age_ms: 300_000,
  };
  expect(response).toEqual({
    model: 'virality',
    at: 300_000,
    scores: [
      wanted,
      { post_id: 'nobody', score: null, problem: expect.stringContaining('was never scored here') },
      wanted,
    ],
  });
  expect(streamed?.score).toBeCloseTo(classified(5, 100, 4), 6);
});

test('a post is scored as if it had another vector, and each of the two is told why', async () => {
  rig = await startRig(program(), 1, doors);
  await rig.send([post('p1'), later]);
  await rig.run();
  const as_if = [
    { post_id: 'p1', vector: [5, 100, 0] },
    { post_id: 'p1', vector: [5, null, 4] },
    { post_id: 'nobody', vector: [0, 0, 0] },
  ];
  const { scores } = await score({ as_if, why: true, vectors: true });
  const [before, after, nobody] = scores;
  expect(before?.score).toBeCloseTo(classified(5, 100, 0), 6);
  expect(before?.score).toBe((await rig.predictions()).find(({ age_ms }) => age_ms === 300_000)?.score);
  expect(after?.vector).toEqual([5, null, 4]);
  expect([before?.why, after?.why].map((why) => why?.some(({ feature }) => feature === 'reposts_10m'))).toEqual([
    false,
    true,
  ]);
  expect(nobody).toMatchObject({ score: null, problem: expect.stringContaining('was never scored here') });
  const short = await send('/v1/score', { as_if: [{ post_id: 'p1', vector: [1] }] });
  expect(((await short.json()) as { error: string }).error).toContain('the vector has 1 values, 3 are needed');
});

test('a request for inference is told why, row by row and over both doors, as a score by key is', async () => {
  rig = await startRig(program(), 1, doors);
  await rig.send([post('p1'), later]);
  await rig.run();
  const { scores } = await score({ as_if: [{ post_id: 'p1', vector: [5, 100, 4] }], why: true });
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [2, 3], data: [5, 100, 4, 5, 100, 0] }];
  const answer = (await (await send('/v2/models/virality/infer', { inputs, parameters: { why: true } })).json()) as {
    outputs: { name: string; datatype: string; shape: number[]; data: string[] }[];
  };
  const told = answer.outputs.at(-1);
  expect(told).toMatchObject({ name: 'reasons', datatype: 'BYTES', shape: [2] });
  expect(JSON.parse(told?.data[0] ?? '')).toEqual(scores[0]?.why);
  expect(told?.data[1]).not.toContain('reposts_10m');
  const client = openGrpc(doors.ports().grpc ?? 0);
  const request = encodeBy('ModelInferRequest', {
    model_name: 'virality',
    parameters: { why: { bool_param: true } },
    inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [5, 100, 4] } }],
  });
  const { bytes } = await client.call('ModelInfer', request);
  client.session.close();
  const { outputs } = decodeBy('ModelInferResponse', bytes) as {
    outputs: { contents: { bytes_contents: number[][] } }[];
  };
  expect(JSON.parse(Buffer.from(outputs.at(-1)?.contents.bytes_contents[0] ?? []).toString())).toEqual(scores[0]?.why);
  const refusal = async (body: object) =>
    ((await (await send('/v2/models/virality/infer', body)).json()) as { error: string }).error;
  expect(await refusal({ inputs, parameters: { why: 'yes' } })).toContain('the parameter why is yes');
  const many = [{ name: 'input', datatype: 'FP32', shape: [101, 3], data: Array(303).fill(0) }];
  expect(await refusal({ inputs: many, parameters: { why: true } })).toContain('101 rows, 100 at most');
});

test('without a moment, a post is scored as of how far the stream is', async () => {
  rig = await startRig(program(), 1, doors);
  await rig.send([post('p1', 60_000), post('p2', 120_000)]);
  await rig.run();
  expect(await score({ post_ids: ['p1', 'p2'] })).toMatchObject({
    at: 120_000,
    scores: [{ age_ms: 60_000 }, { age_ms: 0 }],
  });
});

test('every door gives a key the same variant', async () => {
  const variants = [
    variant('champion', 'classifier', { share: 60 }),
    variant('challenger', 'challenger', { share: 40 }),
  ];
  rig = await startRig(program({ variants }), 1, doors);
  const ids = Array.from({ length: 40 }, (_, i) => `post-${i}`);
  await rig.send(ids.map((id) => post(id)));
  await rig.run();
  const streamed = new Map((await rig.predictions()).map(({ post_id, variant: name }) => [post_id, name]));
  const { scores } = await score({ post_ids: ids });
  expect(scores.map(({ post_id, variant: name }) => [post_id, name])).toEqual([...streamed]);
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, 3], data: [0, 100, 0] }];
  for (const key of ids) {
    const response = await send('/v2/models/virality/infer', { inputs, parameters: { post_id: key } });
    expect(await response.json()).toMatchObject({ model_version: streamed.get(key) });
  }
  expect(new Set(streamed.values()).size).toBe(2);
});

test('a shadow cannot be asked, and the index says so', async () => {
  rig = await startRig(
    program({
      variants: [variant('champion', 'classifier'), variant('ghost', 'constant', { share: 0, shadow: true })],
    }),
    1,
    doors,
  );
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, 3], data: [0, 100, 0] }];
  expect((await send('/v2/models/virality/versions/ghost/infer', { inputs })).status).toBe(503);
  expect(await (await send('/v2/repository/index', {})).json()).toMatchObject([
    { state: 'READY' },
    { version: 'ghost', state: 'UNAVAILABLE' },
  ]);
});

test.each([
  { body: {}, says: 'the request names no posts' },
  { body: { post_ids: [7] }, says: 'post_ids.0' },
  { body: { model: 'nobody', post_ids: ['p'] }, says: 'Cannot find model "nobody"' },
])('a request by key is refused: $says', async ({ body, says }) => {
  rig = await startRig(program(), 1, doors);
  const response = await send('/v1/score', body);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(((await response.json()) as { error: string }).error).toContain(says);
});

test('models are swapped, shares moved and variants added under load without a failed request', {
  timeout: 300_000,
}, async () => {
  const one = program({ variants: [variant('champion', 'classifier')] });
  rig = await startRig(one, 1, doors);
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, 3], data: [5, 100, 3] }];
  let stop = false;
  const statuses: number[] = [];
  const overHttp = async (key: string) =>
    (await send('/v2/models/virality/infer', { inputs, parameters: { key } })).status;
  const client = openGrpc(doors.ports().grpc ?? 0);
  const overGrpc = async (key: string) => {
    const contents = { fp32_contents: inputs[0]?.data };
    const input = { name: 'input', datatype: 'FP32', shape: [1, 3], contents };
    const parameters = { key: { string_param: key } };
    const message = encodeBy('ModelInferRequest', { model_name: 'virality', parameters, inputs: [input] });
    return (await client.call('ModelInfer', message)).status;
  };
  const load = Array.from({ length: 8 }, async (_, i) => {
    const ask = i % 2 === 0 ? overHttp : overGrpc;
    while (!stop) statuses.push(await ask(`${i}-${statuses.length}`));
  });
  const lineups = [
    [variant('champion', 'challenger')],
    [variant('champion', 'challenger', { share: 30 }), variant('challenger', 'trees', { share: 70 })],
    [variant('challenger', 'trees'), variant('old', 'classifier', { share: 0, shadow: true })],
    [variant('champion', 'classifier')],
  ];
  for (let round = 0; round < 12; round++) {
    const before = statuses.length;
    expect(
      await rig.running.update(program({ variants: lineups[round % lineups.length] ?? [], revision: String(round) })),
    ).toBe(true);
    while (statuses.length < before + 20) await new Promise((resolve) => setImmediate(resolve));
  }
  stop = true;
  await Promise.all(load);
  client.session.close();
  expect(statuses.length).toBeGreaterThan(240);
  // 200 of HTTP, 0 of gRPC.
  expect(new Set(statuses)).toEqual(new Set([200, 0]));
});

test('a model without request doors is served by none, and a port that is taken does not stop the stream', async () => {
  rig = await startRig(program({ serving: { ...servingSpec, doors: [] } }), 1, doors);
  expect(doors.ports()).toEqual({});
  await doors.close();
  await rig.running.stop();
  const taken = await startRig(program({ serving: { ...servingSpec, doors: ['http'] } }), 1, doors);
  const { http = 0 } = doors.ports();
  const others = createDoors({
    host: '127.0.0.1',
    ports: { grpc: 0, http },
    metrics: createMetrics(),
    logger: createLogger('doors', 'silent'),
  });
  rig = await startRig(program(), 1, others);
  expect(rig.running.health()).toMatchObject({
    kind: 'stalled',
    reason: 'DoorClosed',
    message: expect.stringContaining(`Cannot listen on 127.0.0.1:${http}`),
  });
  await rig.send([post('p1')]);
  await rig.run();
  expect(await rig.predictions()).toHaveLength(1);
  await others.close();
  await taken.running.stop();
});

test('a request may ask why: as many reasons as the resource says, changed while it runs', async () => {
  rig = await startRig(program({ explanations: { features: 1, method: 'Auto' } }), 1, doors);
  await rig.write('w:p1', { reposts: '4' });
  await rig.send([post('p1'), later]);
  await rig.run();
  const asked = { post_ids: ['p1', 'nobody'], at: 300_000, why: true };
  const [known, unknown] = (await score(asked)).scores;
  expect(known?.why).toEqual([
    { feature: 'reposts_10m', value: 4, effect: expect.any(Number), text: expect.stringContaining('4 reposts') },
  ]);
  expect(unknown?.why).toBeUndefined();
  expect((await score({ post_ids: ['p1'] })).scores[0]).not.toHaveProperty('why');
  await rig.running.update(program({ explanations: { features: 0, method: 'Auto' } }));
  expect((await score(asked)).scores[0]?.why).toEqual([]);
  const many = await send('/v1/score', { post_ids: Array(101).fill('p1'), why: true });
  expect(many.status).toBe(400);
});

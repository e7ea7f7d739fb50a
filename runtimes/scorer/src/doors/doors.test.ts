import { afterEach, describe, expect, test } from 'vitest';
import { classified } from '../../test/builders.ts';
import { type DoorRig, framed, startDoors } from '../../test/door-rig.ts';
import { decodeBy, encodeBy } from '../../test/proto.ts';

let rig: DoorRig;
const start = async (...args: Parameters<typeof startDoors>) => {
  rig = await startDoors(...args);
  return rig;
};
afterEach(() => rig.close());

const row = [5, 100, 3];
const inferBytes = (over: object = {}, input: object = {}) =>
  encodeBy('ModelInferRequest', {
    ...{ model_name: 'classifier', id: '42' },
    inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: row }, ...input }],
    ...over,
  });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${rig.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
const inferJson = (over: object = {}, input: object = {}) => ({
  id: '42',
  inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 3], data: row, ...input }],
  ...over,
});

describe('over gRPC', () => {
  test('a request gets its answer, in the form that it has', async () => {
    await start(['classifier']);
    const typed = await rig.call('ModelInfer', inferBytes());
    expect(typed.status).toBe(0);
    const response = decodeBy('ModelInferResponse', typed.bytes) as {
      outputs: { name: string; contents: { fp32_contents: number[] } }[];
    };
    expect(response).toMatchObject({ model_name: 'classifier', model_version: '1', id: '42', raw_output_contents: [] });
    expect(response.outputs[1]?.contents.fp32_contents[1]).toBeCloseTo(classified(5, 100, 3), 6);
    const raw = await rig.call(
      'ModelInfer',
      inferBytes({ raw_input_contents: [new Uint8Array(Float32Array.from(row).buffer)] }, { contents: undefined }),
    );
    expect(decodeBy('ModelInferResponse', raw.bytes)['raw_output_contents']).toHaveLength(2);
  });

  test.each([
    {
      what: 'an unknown model',
      bytes: inferBytes({ model_name: 'nobody' }),
      status: 5,
      says: 'Cannot find model "nobody": those served are "classifier"',
    },
    {
      what: 'an unknown version',
      bytes: inferBytes({ model_version: '9' }),
      status: 5,
      says: 'Cannot find version "9" of model "classifier": it has "1"',
    },
    {
      what: 'an unknown input',
      bytes: inferBytes({}, { name: 'x' }),
      status: 3,
      says: 'its input "input" is missing, the request has "x"',
    },
    {
      what: 'an unknown output',
      bytes: inferBytes({ outputs: [{ name: 'x' }] }),
      status: 3,
      says: 'Cannot give output "x": the model has "label", "probabilities"',
    },
    {
      what: 'another type',
      bytes: inferBytes({}, { datatype: 'FP64', contents: { fp64_contents: row } }),
      status: 3,
      says: 'is FP32, the request has FP64',
    },
    {
      what: 'another width',
      bytes: inferBytes({}, { shape: [3, 1] }),
      status: 3,
      says: 'is FP32 [-1, 3], the request has FP32 [3, 1]',
    },
    {
      what: 'no rows',
      bytes: inferBytes({}, { shape: [0, 3], contents: {} }),
      status: 3,
      says: 'the request has FP32 [0, 3]',
    },
    {
      what: 'no inputs',
      bytes: inferBytes({ inputs: [] }),
      status: 3,
      says: 'it has 1 inputs ("input"), the request has 0',
    },
    { what: 'no message', bytes: Uint8Array.of(0xff), status: 3, says: 'it ends within a number' },
  ])('$what is refused with the code of the protocol', async ({ bytes, status, says }) => {
    await start(['classifier']);
    const reply = await rig.call('ModelInfer', bytes);
    expect(reply.status).toBe(status);
    expect(reply.message).toContain(says);
  });

  test('a method that there is not, a second message, a broken frame and a large message are refused', async () => {
    await start(['classifier'], { maxBodyBytes: 1 << 20 });
    const path = '/inference.GRPCInferenceService/ModelInfer';
    expect((await rig.call('ModelFit', new Uint8Array())).status).toBe(12);
    expect((await rig.send(path, Buffer.concat([framed(inferBytes()), framed(inferBytes())]))).status).toBe(12);
    expect((await rig.send(path, Buffer.from([7, 0, 0, 0, 0]))).status).toBe(13);
    expect((await rig.send(path, framed(inferBytes()).subarray(0, 20))).status).toBe(3);
    expect((await rig.call('ModelInfer', new Uint8Array((1 << 20) + 100))).status).toBe(8);
    expect((await rig.call('ModelInfer', inferBytes(), { 'grpc-timeout': 'soon' })).status).toBe(3);
    expect((await rig.send(path, Buffer.alloc(0), { 'content-type': 'text/plain' })).headers[':status']).toBe(415);
    // After all of it, the connection is as good as ever.
    expect((await rig.call('ModelInfer', inferBytes())).status).toBe(0);
  });

  test('a request that does not come whole before its deadline is given up', async () => {
    await start(['classifier']);
    const stream = rig.session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ModelInfer',
      'content-type': 'application/grpc',
      'grpc-timeout': '50m',
    });
    stream.on('error', () => undefined);
    stream.write(framed(inferBytes()).subarray(0, 8));
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers['grpc-status'])));
    expect(status).toBe('4');
  });

  test('models tell of themselves, and health is asked as Kubernetes does', async () => {
    await start(['classifier', 'echo']);
    const metadata = decodeBy(
      'ModelMetadataResponse',
      (await rig.call('ModelMetadata', encodeBy('ModelMetadataRequest', { name: 'classifier', version: '1' }))).bytes,
    );
    expect(metadata).toMatchObject({
      name: 'classifier',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'input', datatype: 'FP32', shape: ['-1', '3'] }],
    });
    const index = decodeBy('RepositoryIndexResponse', (await rig.call('RepositoryIndex', new Uint8Array())).bytes);
    expect(index['models']).toMatchObject([{ name: 'classifier', version: '1', state: 'READY' }, { name: 'echo' }]);
    expect(decodeBy('ServerLiveResponse', (await rig.call('ServerLive', new Uint8Array())).bytes)).toEqual({
      live: true,
    });
    expect(decodeBy('ServerReadyResponse', (await rig.call('ServerReady', new Uint8Array())).bytes)).toEqual({
      ready: true,
    });
    expect((await rig.send('/grpc.health.v1.Health/Check', framed(new Uint8Array()))).bytes).toEqual(
      Buffer.from([8, 1]),
    );
  });
});

describe('over HTTP', () => {
  test('a request gets its answer, and its id back', async () => {
    await start(['classifier']);
    const response = await post('/v2/models/classifier/versions/1/infer', inferJson());
    expect(response.status).toBe(200);
    const body = (await response.json()) as { outputs: { data: number[] }[] };
    expect(body).toMatchObject({
      model_name: 'classifier',
      model_version: '1',
      id: '42',
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [1] },
        { name: 'probabilities', shape: [1, 2] },
      ],
    });
    expect(body.outputs[1]?.data[1]).toBeCloseTo(classified(5, 100, 3), 6);
  });

  test('every type goes through and back, as JSON and in binary', async () => {
    await start(['echo']);
    const data: Record<string, unknown[]> = {
      bool: [true, false],
      string: ['ä', ''],
      float: [1.5, null],
      double: [0.1, null],
      float16: [0.5, 2],
      int64: [-9, 8],
      uint64: [1, 2],
      int8: [-128, 127],
    };
    const names = {
      bool: 'BOOL',
      uint8: 'UINT8',
      uint16: 'UINT16',
      uint32: 'UINT32',
      uint64: 'UINT64',
      int8: 'INT8',
      int16: 'INT16',
      int32: 'INT32',
      int64: 'INT64',
      float16: 'FP16',
      float: 'FP32',
      double: 'FP64',
      string: 'BYTES',
    };
    const inputs = Object.entries(names).map(([name, datatype]) => ({
      name,
      datatype,
      shape: [1, 2],
      data: data[name] ?? [1, 2],
    }));
    const response = await post('/v2/models/echo/infer', { inputs });
    const body = (await response.json()) as { outputs: { name: string; data: unknown[] }[] };
    expect(body.outputs.map(({ name, data: values }) => [name, values])).toEqual(
      inputs.map(({ name, data: values }) => [`same_${name}`, values]),
    );
    const binary = await post('/v2/models/echo/infer', { inputs, parameters: { binary_data_output: true } });
    const bytes = Buffer.from(await binary.arrayBuffer());
    const length = Number(binary.headers.get('inference-header-content-length'));
    const head = JSON.parse(bytes.subarray(0, length).toString()) as {
      outputs: { parameters: { binary_data_size: number } }[];
    };
    const sizes = head.outputs.map(({ parameters }) => parameters.binary_data_size);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(bytes.length - length);
    expect(bytes.subarray(-10)).toEqual(Buffer.from([2, 0, 0, 0, 0xc3, 0xa4, 0, 0, 0, 0]));
  });

  test.each([
    { path: '/v2/models/nobody/infer', body: inferJson(), status: 404, says: 'Cannot find model "nobody"' },
    { path: '/v2/models/classifier/versions/9/infer', body: inferJson(), status: 404, says: 'Cannot find version "9"' },
    { path: '/v2/models/classifier/infer', body: '{', status: 400, says: 'it is no JSON' },
    { path: '/v2/models/classifier/infer', body: '[]', status: 400, says: 'it is no JSON object' },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { data: [1, 2] }),
      status: 400,
      says: 'it has 2 values, its shape needs 3',
    },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { data: [[1, 2], [3]] }),
      status: 400,
      says: 'its nested lists do not have the shape [1, 3]',
    },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { data: [1, 2, '3'] }),
      status: 400,
      says: '"3" is no FP32',
    },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { data: [1, 2, 1e300] }),
      status: 400,
      says: '1e+300 is no FP32',
    },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { shape: [1.5, 2] }),
      status: 400,
      says: 'its shape has 1.5',
    },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({}, { data: undefined, parameters: { binary_data_size: 12 } }),
      status: 400,
      says: 'binary_data_size 12 is not what follows the JSON (0 bytes)',
    },
    { path: '/v2/models/classifier/infer', body: 'x'.repeat(2 << 20), status: 413, says: 'larger than 1048576 bytes' },
    {
      path: '/v2/models/classifier/infer',
      body: inferJson({ parameters: { why: true } }),
      status: 400,
      says: 'model "classifier" is a file that names no features, a ScoringModel is needed',
    },
    { path: '/v3', body: '', status: 404, says: 'Cannot find /v3' },
    { path: '/v2/health/live', body: '', status: 405, says: 'GET is needed' },
  ])('$path is answered with $status: $says', async ({ path, body, status, says }) => {
    await start(['classifier']);
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toContain(says);
  });

  test('the server and its models tell of themselves', async () => {
    await start(['classifier', 'echo']);
    const get = async (path: string) => (await fetch(`${rig.url}${path}`)).json();
    expect(await get('/v2')).toMatchObject({
      name: 'groundswell',
      extensions: ['binary_tensor_data', 'model_repository'],
    });
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    expect(await get('/v2/models/echo/ready')).toEqual({ name: 'echo', ready: true });
    expect(await get('/v2/models/classifier/versions/1')).toMatchObject({
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 3] }],
    });
    expect(await (await post('/v2/repository/index', '')).json()).toEqual([
      { name: 'classifier', version: '1', reason: '', state: 'READY' },
      { name: 'echo', version: '1', reason: '', state: 'READY' },
    ]);
  });

  test('a compressed request is read, and one that unpacks to more than fits is refused', async () => {
    await start(['classifier']);
    const { gzipSync } = await import('node:zlib');
    const send = (body: string) =>
      fetch(`${rig.url}/v2/models/classifier/infer`, {
        method: 'POST',
        body: gzipSync(body),
        headers: { 'content-encoding': 'gzip' },
      });
    expect((await send(JSON.stringify(inferJson()))).status).toBe(200);
    expect((await send(' '.repeat(4 << 20))).status).toBe(413);
  });
});

test('requests are counted by what they came to, and names that clients make up are no labels', async () => {
  await start(['classifier']);
  await rig.call('ModelInfer', inferBytes());
  await rig.call('ModelInfer', inferBytes({ model_name: 'nobody' }));
  await post('/v2/models/nobody/infer', '{');
  const text = await rig.metrics.registry.metrics();
  expect(text).toContain('scorer_requests_total{door="grpc",model="classifier",outcome="Ok"} 1');
  expect(text).toContain('scorer_requests_total{door="grpc",model="",outcome="NotFound"} 1');
  expect(text).toContain('scorer_requests_total{door="http",model="",outcome="InvalidArgument"} 1');
});

test('many requests at once over both doors are all answered, each with its own', async () => {
  await start(['classifier']);
  const answers = await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const data = [i % 50, 100, i % 7];
      if (i % 2 === 0) {
        const body = (await (await post('/v2/models/classifier/infer', inferJson({}, { data }))).json()) as {
          outputs: { data: number[] }[];
        };
        return { data, score: body.outputs[1]?.data[1] };
      }
      const { bytes } = await rig.call('ModelInfer', inferBytes({}, { contents: { fp32_contents: data } }));
      const response = decodeBy('ModelInferResponse', bytes) as {
        outputs: { contents: { fp32_contents: number[] } }[];
      };
      return { data, score: response.outputs[1]?.contents.fp32_contents[1] };
    }),
  );
  for (const { data, score } of answers) expect(score).toBeCloseTo(classified(data[0] ?? 0, 100, data[2] ?? 0), 5);
});

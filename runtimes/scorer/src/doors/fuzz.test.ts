import { type Agent, Agent as HttpAgent, request as httpCall } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DoorRig, framed, startDoors } from '../../test/door-rig.ts';
import { grpcMessage, readGrpcRequest, readGrpcResponse } from '../../test/fuzz/grpc-requests.ts';
import { type HttpRequest, httpJson, httpRequest, readHttp } from '../../test/fuzz/http-requests.ts';
import { mutated, mutatedJson } from '../../test/fuzz/mutate.ts';
import { wrongIn } from '../../test/fuzz/oracle.ts';
import { createRandom, type Random } from '../../test/fuzz/random.ts';
import { inputsFor } from '../../test/fuzz/tensors.ts';
import { outcomes } from '../oip/status.ts';

/** `make test-fuzz` sends 100,000. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 3_000);
/** To send again what failed. */
const first = Number(process.env['FUZZ_FROM'] ?? 0);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const atOnce = 32;
/** Nothing here takes so long, ms; whoever does not answer by then hangs. */
const longestMs = 60_000;

let rig: DoorRig;
let agent: Agent;
beforeAll(async () => {
  rig = await startDoors(['classifier', 'echo']);
  agent = new HttpAgent({ keepAlive: true, maxSockets: atOnce });
});
afterAll(async () => {
  agent.destroy();
  await rig.close();
});

const grpcCodes = new Set<number>(Object.values(outcomes).map(({ grpc }) => grpc));
const httpCodes = new Set<number>(Object.values(outcomes).map(({ http }) => http));

interface HttpReply {
  readonly status: number;
  readonly body: Buffer;
  readonly headerLength: string | undefined;
}

const sendHttp = ({ method, path, headers, body }: HttpRequest): Promise<HttpReply> =>
  new Promise((resolve, reject) => {
    const call = httpCall(
      `${rig.url}${path}`,
      { method, headers: { ...headers, 'content-length': body.length }, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const headerLength = response.headers['inference-header-content-length'] as string | undefined;
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headerLength });
        });
      },
    );
    call.on('error', (error) => reject(new Error(`${method} ${path} ${JSON.stringify(headers)}: ${error.message}`)));
    call.end(body);
  });

/** A request that is what it says, or one that something happened to. Answers what is wrong with its answer. */
type Trial = (random: Random) => Promise<string | undefined>;

const grpcTrial =
  (spoil: (random: Random, message: Buffer) => Buffer, isValid: boolean): Trial =>
  async (random) => {
    const message = spoil(random, grpcMessage(random, inputsFor(random, false)));
    const { status, message: says, bytes } = await rig.call('ModelInfer', message);
    const problem = ((): string | undefined => {
      if (!grpcCodes.has(status) || status === outcomes.Internal.grpc) return `status ${status}: ${says}`;
      if (status !== 0) return isValid || !says.startsWith('Cannot ') ? `refused: ${says}` : undefined;
      const asked = readGrpcRequest(message);
      if (asked === undefined) return 'protobufjs does not read what was answered';
      return wrongIn(asked.model, asked.inputs, readGrpcResponse(bytes));
    })();
    return problem === undefined ? undefined : `gRPC ${problem}: ${message.toString('base64')}`;
  };

/** The frame too may lie: then the call's own code is Internal, as gRPC wants. */
const frameTrial: Trial = async (random) => {
  const body = mutated(random, framed(grpcMessage(random, inputsFor(random, false))));
  const { status, message } = await rig.send('/inference.GRPCInferenceService/ModelInfer', body);
  return grpcCodes.has(status) ? undefined : `gRPC frame ${body.toString('base64')}: status ${status}: ${message}`;
};

const checkHttp = async (asked: HttpRequest, model: string, isValid: boolean): Promise<string | undefined> => {
  const { status, body, headerLength } = await sendHttp(asked);
  const problem = ((): string | undefined => {
    if (status !== 200) {
      if (isValid || !httpCodes.has(status) || status === 500) return `status ${status}: ${body.toString()}`;
      const { error } = JSON.parse(body.toString()) as { error?: string };
      return error?.startsWith('Cannot ') === true ? undefined : `the error says ${String(error)}`;
    }
    const inputs = readHttp(asked.body, asked.headers['inference-header-content-length'], 'inputs');
    const outputs = readHttp(body, headerLength, 'outputs');
    if (inputs === undefined || outputs === undefined) return 'it was answered, and cannot be read';
    return wrongIn(model, inputs, outputs);
  })();
  return problem === undefined ? undefined : `HTTP ${asked.path} ${problem}: ${asked.body.toString('base64')}`;
};

const httpTrial =
  (spoil: (random: Random, json: Record<string, unknown>) => Buffer, isValid: boolean): Trial =>
  async (random) => {
    const asked = inputsFor(random, true);
    const { json, binary } = httpJson(random, asked);
    const text = spoil(random, json);
    const behind = isValid || random.chance(0.7) ? binary : mutated(random, binary);
    return checkHttp(httpRequest(asked.model, text, behind), asked.model, isValid);
  };

const headerTrial: Trial = async (random) => {
  const asked = inputsFor(random, true);
  const { json, binary } = httpJson(random, asked);
  const request = httpRequest(asked.model, Buffer.from(JSON.stringify(json)), binary);
  const name = random.pick(['inference-header-content-length', 'content-encoding', 'content-type', 'x-other']);
  const value = random.pick(['0', '-1', '1e9', '999999999', 'gzip', 'br', 'ö'.normalize('NFD').slice(0, 1), '7']);
  return checkHttp({ ...request, headers: { ...request.headers, [name]: value } }, asked.model, false);
};

const paths = ['/', '/v2', '/v2/models/', '/v2/models/none/infer', '/v2/models/%ff/infer', '/v1/score', '/v2//models'];
const pathTrial: Trial = async (random) => {
  const method = random.pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']);
  const path = random.pick([
    ...paths,
    '/v2/models/echo/versions/9/infer',
    '/v2/models/echo/ready',
    `/${'a'.repeat(5000)}`,
  ]);
  const body = random.chance(0.5) ? Buffer.alloc(0) : mutated(random, Buffer.from('{"inputs":[{"name":"input"}]}'));
  const { status, body: said } = await sendHttp({ method, path, headers: {}, body });
  return httpCodes.has(status) && status !== 500
    ? undefined
    : `${method} ${path}: status ${status}: ${said.toString()}`;
};

/** Bytes that are not even the protocol: the connection may end, and nothing else. */
const socketTrial: Trial = async (random) => {
  const { grpc, http } = rig.doors.ports();
  const opening = random.pick(['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'POST /v2/models/echo/infer HTTP/1.1\r\n', '']);
  const noise = Buffer.concat([Buffer.from(opening), Buffer.from(Array.from({ length: 64 }, () => random.below(256)))]);
  const socket = connect({ host: '127.0.0.1', port: random.chance(0.5) ? (grpc ?? 0) : (http ?? 0) });
  await new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
    socket.write(noise, () => setImmediate(() => socket.destroy()));
  });
  return undefined;
};

const textOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '');
const trials: readonly { readonly share: number; readonly run: Trial }[] = [
  { share: 15, run: grpcTrial((_, message) => message, true) },
  { share: 30, run: grpcTrial(mutated, false) },
  { share: 5, run: frameTrial },
  { share: 10, run: httpTrial((_, json) => textOf(json), true) },
  { share: 15, run: httpTrial((random, json) => textOf(mutatedJson(random, json)), false) },
  { share: 15, run: httpTrial((random, json) => mutated(random, textOf(json)), false) },
  { share: 5, run: headerTrial },
  { share: 4, run: pathTrial },
  { share: 1, run: socketTrial },
];
const trialOf = (random: Random): Trial => {
  const place = random.below(100);
  let sum = 0;
  for (const { share, run } of trials) {
    sum += share;
    if (place < sum) return run;
  }
  return socketTrial;
};

const inTime = (trial: Promise<string | undefined>): Promise<string | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${longestMs} ms`), longestMs);
  });
  return Promise.race([trial, late]).finally(() => clearTimeout(timer));
};

test(`${requests} random and mutated requests on both doors: each is answered, rightly or with the protocol's error`, {
  timeout: 600_000,
}, async () => {
  const problems: string[] = [];
  let sent = first;
  const send = async (): Promise<void> => {
    while (sent < first + requests && problems.length < 10) {
      const number = sent++;
      const random = createRandom(seed * 1_000_003 + number);
      const problem = await inTime(trialOf(random)(random)).catch(
        (error: unknown) => `it threw ${String(error)} ${(error as Error).stack}`,
      );
      if (problem !== undefined) problems.push(`${number}: ${problem.slice(0, 4000)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  expect(problems).toEqual([]);
  expect(sent - first).toBe(requests);
  const [asked] = [inputsFor(createRandom(seed), true)];
  const message = grpcMessage(createRandom(seed), asked);
  const { status, bytes } = await rig.call('ModelInfer', message);
  expect(status).toBe(0);
  expect(wrongIn(asked.model, asked.inputs, readGrpcResponse(bytes))).toBeUndefined();
});

import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { createLogger, createMetrics, type Metrics } from '@groundswell/process';
import { createDoors, type Doors } from '../src/doors/doors.ts';
import { type FileOptions, serveFile } from '../src/doors/served-file.ts';
import { fixtures } from './builders.ts';

interface GrpcReply {
  readonly status: number;
  readonly message: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A client of the gRPC door. */
interface GrpcClient {
  readonly session: ClientHttp2Session;
  /** Sends a body as it is. */
  send(path: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<GrpcReply>;
  /** Calls a method of the inference service with one message. */
  call(method: string, message: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<GrpcReply>;
}

/** Both doors on free ports, with fixtures as models under their own names. */
export interface DoorRig extends GrpcClient {
  readonly doors: Doors;
  readonly metrics: Metrics;
  readonly url: string;
  close(): Promise<void>;
}

export const framed = (message: Uint8Array): Buffer => {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
};

export const openGrpc = (port: number): GrpcClient => {
  const session = connect(`http://127.0.0.1:${port}`);
  const send: GrpcClient['send'] = (path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      const chunks: Buffer[] = [];
      let told: Record<string, unknown> = {};
      stream.on('response', (head) => {
        told = { ...told, ...head };
      });
      stream.on('trailers', (trailers) => {
        told = { ...told, ...trailers };
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', (error) => (told['grpc-status'] === undefined ? reject(error) : undefined));
      stream.on('close', () =>
        resolve({
          status: Number(told['grpc-status']),
          message: decodeURIComponent(String(told['grpc-message'] ?? '')),
          bytes: Buffer.concat(chunks).subarray(5),
          headers: told,
        }),
      );
      stream.end(body);
    });
  return {
    ...{ session, send },
    call: (method, message, headers) => send(`/inference.GRPCInferenceService/${method}`, framed(message), headers),
  };
};

const standard: FileOptions = {
  limits: { maxRows: 64, maxWaitMs: 2, maxQueue: 10_000 },
  threads: 1,
  deadlineMs: 20_000,
  maxBodyBytes: 1 << 20,
};

export const startDoors = async (models: readonly string[], over: Partial<FileOptions> = {}): Promise<DoorRig> => {
  const metrics = createMetrics();
  const doors = createDoors({
    host: '127.0.0.1',
    ports: { grpc: 0, http: 0 },
    metrics,
    logger: createLogger('doors', 'silent'),
  });
  const served = await Promise.all(
    models.map(async (name) =>
      serveFile(name, await readFile(join(fixtures, `${name}.onnx`)), { ...standard, ...over }),
    ),
  );
  for (const model of served) await doors.offer(model, ['grpc', 'http']);
  const { grpc, http } = doors.ports();
  const client = openGrpc(grpc ?? 0);
  return {
    ...{ doors, metrics, ...client },
    url: `http://127.0.0.1:${http}`,
    close: async () => {
      client.session.close();
      await doors.close();
      await Promise.all(served.map((model) => model.close()));
    },
  };
};

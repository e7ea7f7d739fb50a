import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { ProtocolError } from '../oip/status.ts';
import { answer, begin, refuse, refuseHttp } from './grpc-call.ts';
import { frameOf, framesOf, onlyFrame, timeoutOf } from './grpc-frames.ts';
import { type Method, methodsOf } from './grpc-methods.ts';
import { decompress } from './http-body.ts';
import { type Door, type DoorOptions, listen } from './http-door.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import { reflect, reflectionPaths } from './reflection.ts';
import { errorOf } from './unexpected.ts';

/**
 * Calls under way on one connection; more wait in the client, which then need not be told off: to read and refuse a call
 * takes nearly as long as to answer it, so under overload only what is never sent costs nothing.
 */
const maxConcurrentStreams = 128;
/** Bytes that a client may send ahead on one call, and on its connection: large batches come in few round trips. */
const [callWindow, connectionWindow] = [1 << 20, 1 << 23];
/** MB that nghttp2 may keep for one connection. */
const maxSessionMemory = 256;
const graceMs = 5_000;
/** What a request of reflection may have. */
const maxReflection = 1 << 16;

/**
 * The Open Inference Protocol over gRPC, on HTTP/2 without TLS, with reflection and health. Framing is done here: it takes a
 * third less than `@grpc/grpc-js` (docs/decisions/150-own-grpc-framing.md).
 *
 * @throws Error when it cannot listen
 */
export const openGrpcDoor = async (options: DoorOptions): Promise<Door> => {
  const server = createServer({ settings: { maxConcurrentStreams, initialWindowSize: callWindow }, maxSessionMemory });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    session.setLocalWindowSize(connectionWindow);
    sessions.add(session);
    // A client that breaks the protocol loses its connection, and nobody else anything.
    session.on('error', () => session.destroy());
    session.on('close', () => sessions.delete(session));
  });
  const receiving = createReceiving();
  const parts: Parts = { options, receiving, methods: methodsOf(options.inference) };
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // Of a call that was cut; whoever answers it sees that it is closed.
    stream.on('error', () => undefined);
    if (refuseHttp(stream, headers)) return;
    if (reflectionPaths.includes(headers[':path'] ?? '')) reflectAll(stream, options);
    else void call(stream, headers, parts);
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const session of sessions) session.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          receiving.close();
          resolve();
        });
        for (const session of sessions) session.close();
      }),
  };
};

interface Parts {
  readonly options: DoorOptions;
  readonly receiving: Receiving;
  readonly methods: Readonly<Record<string, Method>>;
}

const call = async (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { options, receiving, methods }: Parts,
): Promise<void> => {
  const startedAt = performance.now();
  const { inference, metrics, logger } = options;
  let model = '';
  try {
    const path = headers[':path'] ?? '';
    const method = methods[path];
    if (method === undefined)
      throw new ProtocolError(
        'Unimplemented',
        `Cannot call ${path}: there is no such method, reflection tells which there are`,
      );
    const timeout = timeoutOf(headers['grpc-timeout']);
    const deadline = timeout === undefined ? undefined : startedAt + timeout;
    const maxBytes = inference.maxBodyBytes();
    const body = await receiving.whole(stream, { deadline, maxBytes });
    const { message, isCompressed } = onlyFrame(body, maxBytes);
    const plain = isCompressed
      ? await decompress(message, String(headers['grpc-encoding'] ?? 'identity'), maxBytes)
      : message;
    const context = {
      startedAt,
      isCancelled: () => stream.closed || stream.destroyed,
      ...(deadline !== undefined && { deadline }),
    };
    const reply = await method(plain, context, (named) => {
      model = named;
    });
    answer(stream, frameOf(reply));
    metrics.answered({ door: 'grpc', model: inference.label(model), outcome: 'Ok', startedAt });
  } catch (error) {
    const known = errorOf(error, logger);
    refuse(stream, known);
    metrics.answered({ door: 'grpc', model: inference.label(model), outcome: known.outcome, startedAt });
  }
};

/** Each message of the stream gets its answer, until the client ends it. */
const reflectAll = (stream: ServerHttp2Stream, { logger }: DoorOptions): void => {
  let rest = Buffer.alloc(0);
  begin(stream);
  stream.on('data', (chunk: Buffer) => {
    try {
      const { whole, rest: left } = framesOf(Buffer.concat([rest, chunk]), maxReflection);
      rest = Buffer.from(left);
      for (const { message } of whole) stream.write(frameOf(reflect(message)));
    } catch (error) {
      errorOf(error, logger);
      stream.close();
    }
  });
  stream.on('end', () => stream.end());
};

import type { Call } from '../http2/call.ts';
import { openHttp2 } from '../http2/server.ts';
import { ProtocolError } from '../oip/status.ts';
import { answer, begin, finish, refuse, refuseHttp } from './grpc-call.ts';
import { frameOf, framesOf, onlyFrame, timeoutOf } from './grpc-frames.ts';
import { type Method, methodsOf } from './grpc-methods.ts';
import { decompress } from './http-body.ts';
import type { Door, DoorOptions } from './http-door.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import { reflect, reflectionPaths } from './reflection.ts';
import { errorOf } from './unexpected.ts';

const limits = {
  /**
   * More wait in the client, which then need not be told off: to read and refuse a call takes nearly as long as to answer
   * it, so under overload only what is never sent costs nothing.
   */
  maxCalls: 128,
  /** Large batches come in few round trips. */
  callWindow: 1 << 20,
  connectionWindow: 1 << 23,
  maxHeaders: 1 << 16,
};
const graceMs = 5_000;
/** What a request of reflection may have. */
const maxReflection = 1 << 16;

/**
 * The Open Inference Protocol over gRPC, on HTTP/2 without TLS, with reflection and health. Its framing is here, and HTTP/2
 * in `http2/` (docs/decisions/150-own-grpc-framing.md).
 *
 * @throws Error when it cannot listen
 */
export const openGrpcDoor = async (options: DoorOptions): Promise<Door> => {
  const receiving = createReceiving();
  const parts: Parts = { options, receiving, methods: methodsOf(options.inference) };
  const onCall = (call: Call): void => {
    if (refuseHttp(call)) return;
    if (reflectionPaths.includes(call.headers[':path'] ?? '')) reflectAll(call, options);
    else void respond(call, parts);
  };
  const server = await openHttp2({ host: options.host, port: options.port, limits, onCall });
  return {
    port: server.port,
    close: async () => {
      await server.close(graceMs);
      receiving.close();
    },
  };
};

interface Parts {
  readonly options: DoorOptions;
  readonly receiving: Receiving;
  readonly methods: Readonly<Record<string, Method>>;
}

const respond = async (call: Call, { options, receiving, methods }: Parts): Promise<void> => {
  const startedAt = performance.now();
  const { inference, metrics, logger } = options;
  const { headers } = call;
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
    const body = await receiving.whole(call, { deadline, maxBytes });
    const { message, isCompressed } = onlyFrame(body, maxBytes);
    const plain = isCompressed ? await decompress(message, headers['grpc-encoding'] ?? 'identity', maxBytes) : message;
    const context = { startedAt, isCancelled: call.isOver, ...(deadline !== undefined && { deadline }) };
    const reply = await method(plain, context, (named) => {
      model = named;
    });
    answer(call, frameOf(reply));
    metrics.answered({ door: 'grpc', model: inference.label(model), outcome: 'Ok', startedAt });
  } catch (error) {
    const known = errorOf(error, logger);
    refuse(call, known);
    metrics.answered({ door: 'grpc', model: inference.label(model), outcome: known.outcome, startedAt });
  }
};

/** Each message of the stream gets its answer, until the client ends it. */
const reflectAll = (call: Call, { logger }: DoorOptions): void => {
  let rest = Buffer.alloc(0);
  begin(call);
  call.receive({
    data: (chunk) => {
      try {
        const { whole, rest: left } = framesOf(Buffer.concat([rest, chunk]), maxReflection);
        rest = Buffer.from(left);
        for (const { message } of whole) call.write(frameOf(reflect(message)));
      } catch (error) {
        errorOf(error, logger);
        call.reset(0);
      }
    },
    end: () => finish(call),
    cut: () => undefined,
  });
};

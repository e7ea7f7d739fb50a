import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Address, listen } from '@groundswell/http';
import type { Logger } from '@groundswell/process';
import { outcomes, ProtocolError } from '../oip/status.ts';
import type { DoorMetrics } from './door-metrics.ts';
import { readBody } from './http-body.ts';
import { type Reply, type Routes, routesOf } from './http-routes.ts';
import type { Inference } from './inference.ts';
import { errorOf } from './unexpected.ts';

export interface DoorOptions extends Address {
  readonly inference: Inference;
  readonly metrics: DoorMetrics;
  readonly logger: Logger;
}

/** An open door. */
export interface Door {
  readonly port: number;
  /** Takes no new connections, answers what is under way, and ends. */
  close(): Promise<void>;
}

/** A request must have come whole by then, ms; slow senders do not hold a connection for longer. */
const requestTimeoutMs = 30_000;
/** So long the rest of a body that was refused may take, ms. */
const passOverMs = 1_000;
/** Requests that are under way when the door closes get so long, ms. */
const graceMs = 5_000;

/** The Open Inference Protocol over HTTP/1.1, and scores by key. @throws Error when it cannot listen */
export const openHttpDoor = async (options: DoorOptions): Promise<Door> => {
  const routes = routesOf(options.inference);
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, keepAliveTimeout: 75_000 },
    (request, response) => {
      void answer(request, response, { routes, options });
    },
  );
  server.maxRequestsPerSocket = 0;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};

interface Parts {
  readonly routes: Routes;
  readonly options: DoorOptions;
}

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { routes, options }: Parts,
): Promise<void> => {
  const startedAt = performance.now();
  const { inference, metrics, logger } = options;
  const route = routes(request.method ?? '', request.url ?? '');
  try {
    if (route instanceof ProtocolError) throw route;
    const body = await readBody(request, inference.maxBodyBytes());
    const isCancelled = () => response.destroyed;
    const reply = await route.answer({ body, headers: request.headers, context: { startedAt, isCancelled } });
    send(response, reply);
    metrics.answered({ door: 'http', model: inference.label(route.model), outcome: 'Ok', startedAt });
  } catch (error) {
    const known = errorOf(error, logger);
    sendError(response, known);
    const model = route instanceof ProtocolError ? '' : inference.label(route.model);
    metrics.answered({ door: 'http', model, outcome: known.outcome, startedAt });
    if (!request.complete) passOver(request);
  }
};

/** Reads what is left of a body that was refused: to cut at once would take the answer from whoever still sends. */
const passOver = (request: IncomingMessage): void => {
  const cut = setTimeout(() => request.destroy(), passOverMs);
  request.once('close', () => clearTimeout(cut));
  request.resume();
};

const send = (response: ServerResponse, { json, binary = [], status = 200 }: Reply): void => {
  if (response.destroyed) return;
  const jsonLength = Buffer.byteLength(json);
  if (binary.length === 0) {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': jsonLength }).end(json);
    return;
  }
  const length = binary.reduce((sum, part) => sum + part.length, jsonLength);
  response.writeHead(status, {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(jsonLength),
    'content-length': length,
  });
  response.end(Buffer.concat([typeof json === 'string' ? Buffer.from(json) : json, ...binary]));
};

const sendError = (response: ServerResponse, { outcome, message, retryAfterMs }: ProtocolError): void => {
  if (response.destroyed || response.headersSent) return;
  const body = JSON.stringify({ error: message });
  response.writeHead(outcomes[outcome].http, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  });
  response.end(body);
};

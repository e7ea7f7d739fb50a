import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

type PushHandler = (request: Request) => Promise<Response>;

/** Where sources take events that others push: paths of one server, which may be that of the API. */
export interface PushDoors {
  /** @throws Error when the path is taken */
  offer(path: string, handler: PushHandler): void;
  withdraw(path: string): void;
  /** undefined for a path that no source takes. */
  handle(request: Request): Promise<Response> | undefined;
  /** Opens a server of its own, for where there is none. It closes with the last path. @returns its URL */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
}

const notFound = (): Response => new Response('not found\n', { status: 404 });

/** A request has to come whole within this time, ms: who sends slower holds a place for nothing. */
const requestTimeoutMs = 30_000;

export const createPushDoors = (): PushDoors => {
  const handlers = new Map<string, PushHandler>();
  let server: Server | undefined;
  const handle = (request: Request): Promise<Response> | undefined =>
    handlers.get(new URL(request.url).pathname)?.(request);
  return {
    offer: (path, handler) => {
      if (handlers.has(path)) throw new Error(`Cannot take events at "${path}": another source does`);
      handlers.set(path, handler);
    },
    withdraw: (path) => {
      handlers.delete(path);
      if (handlers.size > 0) return;
      server?.close();
      server?.closeIdleConnections();
      server = undefined;
    },
    handle,
    listen: async ({ host, port }) => {
      const opened = createAdaptorServer({
        fetch: (request) => handle(request) ?? notFound(),
        serverOptions: { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs / 3 },
      }) as Server;
      await new Promise<void>((resolve, reject) => {
        opened.once('error', (cause: NodeJS.ErrnoException) =>
          reject(
            new Error(`Cannot listen on ${host}:${port} for events: ${cause.code}, a free address is needed`, {
              cause,
            }),
          ),
        );
        opened.listen(port, host, resolve);
      });
      server = opened;
      const { port: taken } = opened.address() as AddressInfo;
      return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
    },
  };
};

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Door } from './door/door.ts';

interface Served {
  readonly url: string;
  /** Answers what is under way; takes nothing new. */
  close(): Promise<void>;
}

/** A request has to come whole within this time, ms: who sends slower holds a place for nothing. */
const requestTimeoutMs = 30_000;

/** @throws Error where it cannot listen */
export const serveDoor = async (
  door: Door,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Served> => {
  const server = createAdaptorServer({
    fetch: door,
    serverOptions: { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs / 3 },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new Error(`Cannot listen on ${host}:${port}: ${cause.code}, a free address is needed`, { cause })),
    );
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
};

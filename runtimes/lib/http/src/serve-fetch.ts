import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Address, listen } from './listen.ts';
import { stopServer } from './stop-server.ts';

export interface Served {
  readonly url: string;
  /** Answers what is under way; takes nothing new. */
  close(): Promise<void>;
}

/** A request has to come whole within this time, ms: who sends slower holds a place for nothing. */
const requestTimeoutMs = 30_000;

/** A server of its own for what answers requests; `remedy` as for `listen`. @throws Error when it cannot listen */
export const serveFetch = async (
  fetch: (request: Request) => Response | Promise<Response>,
  address: Address,
  remedy?: string,
): Promise<Served> => {
  const server = createAdaptorServer({
    fetch,
    serverOptions: { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs / 3 },
  }) as Server;
  const url = await listen(server, address, remedy);
  return { url, close: () => stopServer(server) };
};

import { createServer, type RequestListener, type Server } from 'node:http';
import { Readable } from 'node:stream';

interface Answer {
  readonly status: number;
  readonly text: string | Readable;
  readonly type?: string;
}

/** What a path answers: status and text. */
export type Route = () => Answer | Promise<Answer>;

const listenerOf =
  (routes: Readonly<Record<string, Route>>): RequestListener =>
  async (request, response) => {
    const route = routes[(request.url ?? '').split('?')[0] ?? ''];
    if (route === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    try {
      const { status, text, type = 'text/plain' } = await route();
      response.writeHead(status, { 'content-type': type });
      if (text instanceof Readable) text.pipe(response);
      else response.end(text);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`);
    }
  };

/** @param address  `host:port`, or `:port` for all addresses. @throws Error when it cannot listen */
export const serve = async (address: string, routes: Readonly<Record<string, Route>>): Promise<Server> => {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  const server = createServer(listenerOf(routes));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`Cannot listen on ${address}: ${cause.message}, give a free address`, { cause }));
    });
    server.listen({ port: Number(address.slice(at + 1)), ...(host !== '' && { host }) }, resolve);
  });
  return server;
};

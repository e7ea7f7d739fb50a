import { type Address, type Served, serveFetch } from '@groundswell/http';

type PushHandler = (request: Request) => Promise<Response>;

/** Where sources take events that others push: paths of one server, which may be that of the API. */
export interface PushDoors {
  /** @throws Error when the path is taken */
  offer(path: string, handler: PushHandler): void;
  withdraw(path: string): void;
  /** undefined for a path that no source takes. */
  handle(request: Request): Promise<Response> | undefined;
  /** Opens a server of its own, for where there is none. It closes with the last path. @returns its URL */
  listen(address: Address): Promise<string>;
}

const notFound = (): Response => new Response('not found\n', { status: 404 });

export const createPushDoors = (): PushDoors => {
  const handlers = new Map<string, PushHandler>();
  let server: Served | undefined;
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
      void server?.close();
      server = undefined;
    },
    handle,
    listen: async (address) => {
      server = await serveFetch((request) => handle(request) ?? notFound(), address);
      return server.url;
    },
  };
};

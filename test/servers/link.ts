import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A network between clients and a server, on loopback: all that goes through can be held up, or cut off. */
export interface Link {
  readonly port: number;
  /** From now on goes to this port of the server. */
  to(port: number): void;
  /** Holds everything up for so long, in both directions; then it goes on where it stood. New connections wait as well. */
  stall(ms: number): Promise<void>;
  /** Breaks all connections, in the middle of what they send. */
  cut(): void;
  close(): Promise<void>;
}

export const openLink = async (): Promise<Link> => {
  const host = '127.0.0.1';
  const sockets = new Set<Socket>();
  /** Resolved while things go through. Whoever waits goes on in the order in which it came. */
  let open: Promise<void> = Promise.resolve();
  let target = 0;

  const forward = (from: Socket, into: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => void open.then(() => into.destroyed || into.write(chunk)));
    from.on('end', () => void open.then(() => into.end()));
    // A connection that breaks on one side breaks on the other.
    from.on('error', () => into.destroy());
    from.on('close', () => {
      sockets.delete(from);
      void open.then(() => into.end());
    });
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: target, host, allowHalfOpen: true });
    forward(client, upstream);
    forward(upstream, client);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    to: (port) => {
      target = port;
    },
    stall: async (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      open = open.then(() => promise);
      await wait(ms);
      resolve();
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

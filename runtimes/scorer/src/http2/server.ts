import { createServer, type Socket } from 'node:net';
import { type Address, listen } from '@groundswell/http';
import type { Call } from './call.ts';
import type { CallLimits } from './calls.ts';
import { createSession, type Session } from './session.ts';

export interface Http2Options extends Address {
  readonly limits: CallLimits;
  readonly onCall: (call: Call) => void;
}

export interface Http2Server {
  readonly port: number;
  /** Takes no new connections nor calls, answers what is under way, and cuts what takes longer than `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A client that says nothing from the beginning is sent away, ms. */
const greetingMs = 20_000;

const serve = (socket: Socket, { limits, onCall }: Http2Options): Session => {
  const write = (bytes: Buffer): void => {
    if (socket.destroyed || socket.write(bytes)) return;
    // Whoever does not read answers gets to ask nothing more.
    socket.pause();
    socket.once('drain', () => socket.resume());
  };
  const session = createSession({ limits, onCall, write, onEnd: () => socket.destroySoon() });
  socket.setTimeout(greetingMs, () => socket.destroy());
  socket.once('data', () => socket.setTimeout(0));
  socket.on('data', (chunk: Buffer) => session.receive(chunk));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => session.cut());
  return session;
};

/**
 * Calls over HTTP/2 without TLS. A third of the work of `node:http2`, of which each stream is a stream of Node with all that
 * belongs to it (docs/decisions/300-own-http2.md).
 *
 * @throws Error when it cannot listen
 */
export const openHttp2 = async (options: Http2Options): Promise<Http2Server> => {
  const open = new Map<Socket, Session>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    open.set(socket, serve(socket, options));
    socket.on('close', () => open.delete(socket));
  });
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const socket of open.keys()) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        for (const session of open.values()) session.close();
      }),
  };
};

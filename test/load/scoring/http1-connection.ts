import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Connect, createInbox } from './connection.ts';

export interface HttpRequests {
  readonly path: string;
  readonly bodies: readonly Buffer[];
}

const blank = Buffer.from('\r\n\r\n');

/**
 * HTTP/1.1, one request at a time, over a connection that is kept open; anew where the server closes it. An answer other
 * than 200 counts as refused.
 */
export const httpConnect =
  ({ path, bodies }: HttpRequests): Connect =>
  async (address) => {
    const [host = '', port = ''] = address.split(':');
    const requests = bodies.map((body) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    });
    let waiting: ((answer: Buffer | undefined) => void) | undefined;
    const end = (answer: Buffer | undefined): void => {
      const done = waiting;
      waiting = undefined;
      done?.(answer);
    };
    const open = (): Socket => {
      const opened = connect({ host, port: Number(port), noDelay: true });
      opened.on(
        'data',
        createInbox((bytes) => {
          const headEnd = bytes.indexOf(blank);
          if (headEnd === -1) return 0;
          const head = bytes.toString('latin1', 0, headEnd);
          const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
          const whole = headEnd + blank.length + length;
          if (bytes.length < whole) return 0;
          if (/connection: *close/i.test(head)) opened.destroy();
          end(head.startsWith('200', 9) ? bytes.subarray(headEnd + blank.length, whole) : undefined);
          return whole;
        }),
      );
      const cut = (): void => (opened === socket ? end(undefined) : undefined);
      opened.on('error', cut);
      opened.on('close', cut);
      return opened;
    };
    let socket = open();
    await once(socket, 'connect');
    return {
      ask: (request, done) => {
        waiting = done;
        if (socket.destroyed) socket = open();
        socket.write(requests[request] as Buffer);
      },
      room: () => (waiting === undefined ? 1 : 0),
      close: () => socket.destroy(),
    };
  };

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** How one streaming answer behaves after what it has to say. */
type Ending =
  | 'hold' // says nothing more
  | 'end' // ends in good order
  | 'reset' // cuts the connection
  | 'midway' // cuts the connection within a message
  | 'gzip' // is compressed, and the archive is cut short
  | 'bytewise' // sends each byte for itself, and then holds
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Behaviour {
  readonly text: string;
  readonly end: Ending;
}

export interface StreamServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
}

/** Answers every request by `answer`; a stream of it misbehaves as it is told. */
export const startStreamServer = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<StreamServer> => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};

export const answerJson = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

export const behave = (response: ServerResponse, { text, end }: Behaviour): void => {
  if (typeof end === 'object') {
    response.writeHead(end.status, end.headers).end(end.body ?? '');
    return;
  }
  if (end === 'gzip') {
    const packed = gzipSync(text);
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .write(packed.subarray(0, packed.length - 12), () => response.destroy());
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (end === 'bytewise') for (const byte of Buffer.from(text)) response.write(Uint8Array.of(byte));
  else
    response.write(end === 'midway' ? `${text}{"data":{"id":"cut` : text, () => {
      if (end === 'reset' || end === 'midway') setImmediate(() => response.destroy());
      if (end === 'end') response.end();
    });
};

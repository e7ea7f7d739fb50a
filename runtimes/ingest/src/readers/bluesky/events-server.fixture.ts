import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zstdCompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';

const dictionaryId = 4242;
/** Of such messages as the tests send: zstd --train … --maxdict=512 --dictID=4242 */
const dictionary = Buffer.from(
  [
    'N6Qw7JIQAAAcENgKKukMwzAMg095ICmHEEL23rs82hTHWmutDUMBAAAAIIBV6w4AAAQgBQAAwACFhQsAAEkBwAQAAACARQsAAAAA',
    'AAAAAAAAAACAYRgAAAAAAISW0IhZFgADTAAAAAAAAAAAAAAAAQAAAAQAAAAIAAAAcGUiOiAibWVzc2FnZCI6IHsiJHR5cGUiOiAi',
    'YXBwLmJza3kuZmVlZC5saWtlIiwgInN1YmplY3QiOiB7InVjdGlvbiI6ICJhcHAuYnNreS5mZWVkLmxpa2UiLCAicmtleSI6ICJr',
    'NDkzIiwgInJlYyAiMjAyNi0xMS0yMVQwMDowMDowNC4wMDE3NDRaIiwgInJldiI6ICIzbDNxbzJ2dXRzICJhcHAuYnNreS5mZWVk',
    'Lmxpa2UiLCAicmtleSI6ICJrMTA0IiwgInJlY29yZCI6IHt5cGUiOiAibWVzc2FnZSIsICJwYXlsb2FkIjogeyIkdHlwZSI6ICJu',
    'ZXR3b3JrLmJza3QiOiB7InVyaSI6ICJhdDovL2RpZDpwbGM6Ym9iL2FwcC5ic2t5LmZlZWQucG9zdC9wcmsuYnNreS5qZXRzdHJl',
    'YW0uc3Vic2NyaWJlRXZlbnRzI2NvbW1pdCIsICJzZXEiOiAsICJkaWQiOiAiZGlkOnBsYzphbm4iLCAidGk=',
  ].join(''),
  'base64',
);

/** A Jetstream of wire version 2, as its lexicon says: it sends what `framesFrom` gives for a cursor, ms, and then holds. */
export const startEventsServer = async (framesFrom: (cursorMs: number, connection: number) => readonly string[]) => {
  const requests: URL[] = [];
  const dictionaries: string[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    dictionaries.push(request.url ?? '');
    // The first answer is a failure: the client tries again.
    if (dictionaries.length === 1) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(dictionary);
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'ws://localhost');
    const wanted = url.searchParams.get('zstdDictionary');
    if (wanted !== null && wanted !== String(dictionaryId)) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => {
      requests.push(url);
      for (const frame of framesFrom(Number(url.searchParams.get('cursor') ?? 0) / 1000, requests.length))
        client.send(wanted === null ? frame : zstdCompressSync(frame, { dictionary }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { requests, dictionaries, url: `ws://127.0.0.1:${port}/xrpc/network.bsky.jetstream.subscribeEvents` };
};

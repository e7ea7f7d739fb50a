import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Call } from '../../runtimes/scorer/src/http2/call.ts';
import { encodeHeaders } from '../../runtimes/scorer/src/http2/hpack.ts';
import { type Http2Server, openHttp2 } from '../../runtimes/scorer/src/http2/server.ts';
import { goProgram } from '../servers/go.ts';

const h2spec = goProgram('github.com/summerwind/h2spec/cmd/h2spec', 'v2.2.1+incompatible');
const limits = { maxCalls: 100, callWindow: 1 << 20, connectionWindow: 1 << 23, maxHeaders: 1 << 16 };
const [head, trailers] = [encodeHeaders([[':status', '200']]), encodeHeaders([['of', 'the end']])];

const onCall = (call: Call): void =>
  call.receive({
    data: () => undefined,
    end: () => call.answer(head, Buffer.from('something to be sent in small windows'), trailers),
    cut: () => undefined,
  });

let server: Http2Server;
beforeAll(async () => {
  server = await openHttp2({ host: '127.0.0.1', port: 0, limits, onCall });
});
afterAll(() => server.close(1_000));

test.skipIf(h2spec === undefined)('HTTP/2 is what its conformance tests want, all 145 of them', async () => {
  const child = spawn(h2spec ?? '', ['-h', '127.0.0.1', '-p', String(server.port), '-o', '20'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await text(child.stdout)).toMatch(/145 tests, 145 passed, 0 skipped, 0 failed/);
});

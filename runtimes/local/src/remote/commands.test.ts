import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverEvents } from '@groundswell/client';
import { Rollouts, TopPosts } from '@groundswell/wire';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { watchUntil } from '../commands/watch.ts';
import { renderTop } from '../terminal/top.ts';
import { ask } from './ask.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '..', 'main.ts');
const top: TopPosts = {
  model: 'virality',
  at: 1_767_225_600_000,
  next_cursor: null,
  posts: [
    {
      ...{
        rank: 1,
        post_id: 'p1',
        author_id: 'a1',
        author_name: 'Ada',
        text: 'a storm',
        score: 0.91,
        history: [],
        score_record: null,
        outcome: null,
      },
      ...{ posted_at: 1_767_225_540_000, age_ms: 60_000, reposts: 1234, model: 'virality', variant: 'champion' },
      why: [{ feature: 'n', value: 3, effect: 0.2, text: '3 reposts in a minute' }],
    },
  ],
};
let server: Server;
let url: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/top')) response.end(JSON.stringify(top));
    else if (request.url === '/v1/rollouts') response.end(JSON.stringify({ rollouts: [] }));
    else if (request.url === '/nothing') response.writeHead(404).end();
    else if (request.url?.startsWith('/v1/stream')) {
      response.write(`: hello\n\nevent: top\nid: 1\ndata: ${JSON.stringify(top)}\n\n`);
      // The second one comes on another connection: the client has to come again.
      response.end();
    } else
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, detail: 'Cannot show it' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('the top in a pipe is a table without colours', async () => {
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, GROUNDSWELL_URL: url };
  const { stdout } = await run(process.execPath, ['--conditions=source', main, 'top'], { env });
  expect(stdout).toContain('  1  0.910    1m     1.2k  Ada: a storm');
  expect(stdout).not.toContain('\u001b');
});

test('on a terminal what is likely stands out', () => {
  const [, , first] = renderTop(top, 100, (style, text) => `<${style}>${text}</>`);
  expect(first).toMatch(/^<bold,red> {2}1 {2}0\.910 .*<\/>Ada: a storm *<dim>3 reposts in a minute<\/>$/);
});

test('what cannot be asked says what is needed', async () => {
  await expect(ask(url, '/v1/models', Rollouts)).rejects.toThrow('Cannot show it');
  await expect(ask('http://127.0.0.1:1', '/v1/top', TopPosts)).rejects.toThrow(
    /^Cannot ask http:\/\/127\.0\.0\.1:1: .*, start a pipeline with an API/,
  );
  await expect(ask(url, '/v1/top', Rollouts)).rejects.toThrow(
    `Cannot ask ${url}/v1/top: what it answers is something else, the API of a pipeline is needed`,
  );
  await expect(ask(url, '/nothing', Rollouts)).rejects.toThrow(
    `Cannot ask ${url}/nothing: it answers 404, the API of a pipeline is needed`,
  );
});

test('rollouts are printed as data, all or those of a model', async () => {
  const printed = async (...words: readonly string[]) =>
    (await run(process.execPath, ['--conditions=source', main, 'rollouts', ...words, '--url', url])).stdout;
  expect(await printed()).toBe('No model of the pipeline has a rollout that has scored something yet.\n');
  expect(JSON.parse(await printed('-o', 'json'))).toEqual({ rollouts: [] });
  await expect(printed('virality')).rejects.toThrow(
    'Cannot find a rollout of model "virality": there is none, one of these names is needed',
  );
});

test('a key is taken from the environment, and asked for where one is needed', async () => {
  const keyed = createServer(({ headers }, response) => {
    const isKnown = headers.authorization === 'Bearer s3cret';
    response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(isKnown ? top : unauthorized));
  });
  const unauthorized = { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'Cannot show it: no key' };
  await new Promise<void>((resolve) => keyed.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void keyed.close());
  const GROUNDSWELL_URL = `http://127.0.0.1:${(keyed.address() as AddressInfo).port}`;
  await expect(ask(GROUNDSWELL_URL, '/v1/top', TopPosts)).rejects.toThrow(
    'Cannot show it: no key (here in the variable GROUNDSWELL_API_KEY)',
  );
  const env = { ...process.env, GROUNDSWELL_URL, GROUNDSWELL_API_KEY: 's3cret' };
  const { stdout } = await run(process.execPath, ['--conditions=source', main, 'top'], { env });
  expect(stdout).toContain('Ada: a storm');
});

test('watching shows each state, and comes again when the connection ends', async () => {
  const stopping = new AbortController();
  const seen: unknown[] = [];
  let losses = 0;
  await watchUntil(
    stopping.signal,
    { url, limit: 10, output: 'json' },
    {
      top: (state) => {
        seen.push(state);
        if (seen.length === 2) stopping.abort();
      },
      status: () => undefined,
      lost: () => {
        losses += 1;
      },
    },
  );
  expect({ seen, losses }).toEqual({ seen: [top, top], losses: 1 });
});

test('events come whole however their bytes are cut', async () => {
  const text = ': ping\n\nevent: top\ndata: {"a":\ndata: "ü"}\n\ndata: last\n\n';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 3, 7, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size));
        controller.close();
      },
    });
    const events = [];
    for await (const event of serverEvents(body)) events.push(event);
    expect(events).toEqual([
      { event: 'top', data: '{"a":\n"ü"}' },
      { event: 'message', data: 'last' },
    ]);
  }
});

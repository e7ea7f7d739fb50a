import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiRunning, startApi } from './start.ts';
import { address, createPorts, program, status, writePost } from './test/world.ts';

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning;

beforeEach(async () => {
  ports = await createPorts();
  api = await startApi(program(), ports, { ...address, status: () => status });
});
afterEach(() => api.stop());

interface Frame {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly posts: readonly { readonly post_id: string; readonly score: number }[] };
}

const frameOf = (text: string): Frame => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) };
};

/** Opens a stream; `next` gives its next event and skips what is none. */
const open = async (query = '', headers: Readonly<Record<string, string>> = {}) => {
  const leaving = new AbortController();
  const response = await fetch(`${api.url}/v1/stream${query}`, { headers, signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const next = async (): Promise<Frame | undefined> => {
    for (;;) {
      const end = rest.indexOf('\n\n');
      if (end >= 0) {
        const text = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (text.startsWith('event:')) return frameOf(text);
        continue;
      }
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return undefined;
      rest += value;
    }
  };
  return { response, next, leave: () => leaving.abort() };
};

const later = async (ms: number) => {
  ports.setNow(ports.clock.now() + ms);
  await api.step({ maxWaitMs: 0 });
};

const metric = async (name: string) =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec(await ports.metrics.registry.metrics())?.[1]);

/** Steps until something holds that the network decides the moment of. */
const stepUntil = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await api.step({ maxWaitMs: 0 });
};

test('a stream begins with the newest top, and goes on when it changed', async () => {
  await writePost(ports, 'p1', 0.5);
  const { response, next } = await open();
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await next()).toMatchObject({ event: 'top', data: { posts: [{ post_id: 'p1', score: 0.5 }] } });
  await later(250);
  await writePost(ports, 'p2', 0.9);
  await later(250);
  expect((await next())?.data.posts.map((post) => post.post_id)).toEqual(['p2', 'p1']);
});

test('a client that comes back with the id of an old event gets the newest state at once', async () => {
  await writePost(ports, 'p1', 0.5);
  const first = await open();
  const id = (await first.next())?.id ?? '';
  first.leave();
  await writePost(ports, 'p2', 0.9);
  ports.setNow(ports.clock.now() + 1000);
  const second = await open('', { 'last-event-id': id });
  expect((await second.next())?.data.posts.map((post) => post.post_id)).toEqual(['p2', 'p1']);
});

test('between two steps 250 ms apart, any number of changes is one event', async () => {
  await writePost(ports, 'p1', 0.1);
  const { next } = await open();
  await next();
  for (let i = 2; i <= 9; i++) {
    await writePost(ports, 'p1', i / 10);
    await later(10);
  }
  await later(250);
  expect((await next())?.data.posts[0]?.score).toBe(0.9);
  expect(await metric('api_stream_events_total{event="top"}')).toBe(2);
});

test('one stream can carry top, status and heatmap, and a pipeline without a heatmap says null', async () => {
  const { heatmap: _, ...without } = program();
  await api.update(without);
  const { next } = await open('?events=top,status,heatmap&limit=1');
  const frames = [await next(), await next(), await next()];
  expect(Object.fromEntries(frames.map((frame) => [frame?.event, frame?.data]))).toEqual({
    top: { model: 'virality', at: 0, posts: [], next_cursor: null },
    status,
    heatmap: null,
  });
});

test('a client that goes away is forgotten', async () => {
  const { next, leave } = await open();
  await next();
  expect(await metric('api_stream_clients')).toBe(1);
  leave();
  await stepUntil(async () => (await metric('api_stream_clients')) === 0);
});

test('asking for the headers of a stream opens none', async () => {
  const response = await fetch(`${api.url}/v1/stream`, { method: 'HEAD' });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await metric('api_stream_clients')).toBe(0);
});

test('a client that never reads is cut off', async () => {
  for (let i = 0; i < 100; i++) await writePost(ports, `${'long-'.repeat(80)}${i}`, i / 100);
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.pause();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.write('GET /v1/stream?limit=100 HTTP/1.1\r\nHost: x\r\n\r\n');
  let step = 0;
  // 250 ms of the test's clock each time: what the sockets between hold fills up first.
  await stepUntil(async () => {
    await writePost(ports, 'p', ++step / 10_000);
    ports.setNow(ports.clock.now() + 250);
    return (await metric('api_stream_dropped_total')) === 1;
  });
  socket.resume();
  await closed;
  expect(await metric('api_stream_clients')).toBe(0);
});

test('stopping ends the streams, and does not wait for connections that stay open', async () => {
  const { next } = await open();
  await next();
  const ended = next();
  await api.stop();
  expect(await ended).toBeUndefined();
  await expect(fetch(api.url)).rejects.toThrow();
  api = await startApi(program(), ports, { ...address, status: () => status });
});

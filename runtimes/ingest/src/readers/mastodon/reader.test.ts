import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MastodonReader } from '@groundswell/graph';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { IngestRunning } from '../../ingest.ts';
import { createFollowing } from '../../test/following.ts';
import { answerJson, type Behaviour, behave, startStreamServer } from '../../test/stream-server.ts';
import { deadLettersOf, eventsOf, handClock } from '../../test/support.ts';

const start = Date.UTC(2026, 10, 21);
const total = 120;

/** The n-th post of an instance; every instance has its own ids, and the same addresses. */
const statusOf = (n: number, base = 1000, more: object = {}) => ({
  id: String(base + n),
  uri: `https://home.example/posts/${n}`,
  created_at: new Date(start + n * 100).toISOString(),
  account: { id: '7', acct: 'ann', uri: 'https://home.example/users/ann', followers_count: 12, bot: true },
  content: '<p>Ebb &amp; flow<br>of the <a href="#">sea</a></p>',
  language: 'en',
  tags: [{ name: 'sea' }],
  ...more,
});
const sse = (event: string, data: unknown) =>
  `event: ${event}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const streamed = (from: number, to: number, base?: number) =>
  `:)\n${Array.from({ length: to - from }, (_, i) => sse('update', statusOf(from + i, base))).join(':thump\n')}`;

/** An instance that streams as it is told, and has all that was streamed so far in its timeline. */
const startInstance = async (behaviours: readonly Behaviour[], base = 1000) => {
  let turn = 0;
  let streamedTo = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname.startsWith('/api/v1/streaming')) {
      const behaviour = behaviours[turn++] ?? { text: ':)\n', end: 'hold' };
      for (const [, id] of behaviour.text.matchAll(/"id":"(\d{4,})"/g))
        streamedTo = Math.max(streamedTo, Number(id) - base);
      behave(response, behaviour);
      return;
    }
    const after = Number(url.searchParams.get('min_id')) - base;
    const page = Array.from({ length: 40 }, (_, i) => after + 1 + i).filter((n) => n <= streamedTo);
    answerJson(response, page.map((n) => statusOf(n, base)).toReversed());
  };
  return startStreamServer(answer);
};
const readerOf = (urls: readonly string[], changes: Partial<MastodonReader> = {}): MastodonReader => ({
  kind: 'mastodon',
  instances: urls.map((url) => ({ url, stream: 'public' as const })),
  transport: 'sse',
  heartbeatTimeoutMs: 3000,
  backoff: { initialMs: 100, maxMs: 1000 },
  ...changes,
});
const written = (running: IngestRunning) => running.report().ledger?.aggregated ?? 0;
const addresses = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `https://home.example/posts/${from + i}`);

test('a post becomes an event, with its plain text, its author and its tags', async () => {
  const { url } = await startInstance([{ text: sse('update', statusOf(1)), end: 'hold' }]);
  const { start: open, stepUntil, ids, ports } = await createFollowing(handClock(start));
  const running = await open(readerOf([url]));
  await stepUntil(running, async () => (await ids()).length === 1);
  expect(await eventsOf(ports)).toMatchObject([
    {
      ...{ id: 'https://home.example/posts/1', type: 'post', at: start + 100, lang: 'en', tags: ['sea'] },
      ...{ text: 'Ebb & flow\nof the sea', author_id: 'https://home.example/users/ann', attributes: { bot: true } },
      user: { name: 'ann', followers: 12 },
    },
  ]);
});

test('replies, quotes, boosts and deletes name the root post by its address', async () => {
  const inner = statusOf(9, 0, { account: { id: '8', acct: 'bob@far', url: 'https://far.example/@bob' } });
  const text = [
    sse('update', statusOf(1)),
    sse('update', statusOf(2, 1000, { in_reply_to_id: '1001' })),
    sse('update', statusOf(3, 1000, { in_reply_to_id: '1002' })),
    sse('update', statusOf(4, 1000, { quote: { state: 'accepted', quoted_status: inner } })),
    sse('update', statusOf(5, 1000, { reblog: inner })),
    sse('status.update', statusOf(1)),
    sse('delete', '1001'),
    sse('delete', '55'),
  ].join('');
  const { url } = await startInstance([{ text, end: 'hold' }]);
  const { start: open, stepUntil, ids, ports } = await createFollowing(handClock(start));
  const running = await open(readerOf([url]));
  await stepUntil(running, async () => (await ids()).length === 6);
  const [one, nine] = ['https://home.example/posts/1', 'https://home.example/posts/9'];
  expect(
    (await eventsOf(ports)).map(({ type, post_id, parent_id, author_id }) => [type, post_id, parent_id, author_id]),
  ).toEqual([
    ['post', one, undefined, 'https://home.example/users/ann'],
    ['reply', one, undefined, 'https://home.example/users/ann'],
    ['reply', one, 'https://home.example/posts/2', 'https://home.example/users/ann'],
    ['quote', nine, undefined, 'https://far.example/@bob'],
    ['repost', nine, undefined, 'https://far.example/@bob'],
    ['delete', one, undefined, ''],
  ]);
  await running.save();
  const ignored = await ports.metrics.registry.getSingleMetricAsString('ingest_ignored_total');
  expect(ignored).toContain('kind="edit"} 1');
  expect(ignored).toContain('kind="delete_of_unknown"} 1');
});

test('nothing is lost or taken twice from instances that reset, stall, break off and refuse', async () => {
  const one = await startInstance([
    { text: streamed(0, 20), end: 'reset' },
    { text: '', end: { status: 503 } },
    { text: streamed(20, 30), end: 'midway' },
    { text: '', end: { status: 420 } },
    { text: `${streamed(40, 50)}data: {"half\n\n`, end: 'hold' },
    { text: streamed(60, 70), end: 'gzip' },
    { text: streamed(65, 80), end: 'bytewise' },
    { text: streamed(80, total), end: 'hold' },
  ]);
  const other = await startInstance([{ text: streamed(10, 60, 5000), end: 'end' }], 5000);
  const { start: open, stepUntil, ids, ports } = await createFollowing(handClock(start));
  const running = await open(readerOf([one.url, other.url]));
  await stepUntil(running, () => written(running) === total);
  expect([...(await ids())].sort()).toEqual(addresses(0, total).sort());
  expect(running.report().ledger?.duplicate).toBeGreaterThan(0);
  expect(await deadLettersOf(ports)).not.toEqual([]);
  await running.save();
  const disconnects = await ports.metrics.registry.getSingleMetricAsString('ingest_disconnects_total');
  for (const reason of ['failed', 'closed', 'silent', 'refused_503', 'refused_420'])
    expect(disconnects).toContain(`reason="${reason}"`);
});

test('after a crash, what it missed is read from the timeline', async () => {
  const server = await startInstance([
    { text: streamed(0, 30), end: 'hold' },
    { text: streamed(90, 100), end: 'hold' },
  ]);
  const { start: open, stepUntil, ids } = await createFollowing(handClock(start));
  const killed = await open(readerOf([server.url]));
  await stepUntil(killed, () => written(killed) === 30);
  await killed.save();
  const running = await open(readerOf([server.url]));
  await stepUntil(running, async () => (await ids()).length === 100);
});

test('429 is waited out as long as the instance says', async () => {
  const clock = handClock(start);
  const reset = new Date(start + 30_000).toISOString();
  const server = await startInstance([
    { text: '', end: { status: 429, headers: { 'x-ratelimit-reset': reset } } },
    { text: streamed(0, 1), end: 'hold' },
  ]);
  const { start: open, stepUntil, ids } = await createFollowing(clock);
  const running = await open(readerOf([server.url]));
  await stepUntil(running, async () => (await ids()).length === 1, 500);
  expect(clock.now()).toBeGreaterThanOrEqual(start + 30_000);
});

test('a refused token stalls the source, and no word of it is said', async () => {
  const server = await startInstance([
    { text: '', end: { status: 401, body: '{"error":"The access token is invalid"}' } },
  ]);
  const { start: open, stepUntil } = await createFollowing(handClock(start), { GROUNDSWELL_SECRET_M_TOKEN: 's3cret' });
  const token = { from: 'secret', name: 'm', key: 'token' } as const;
  const running = await open(readerOf([], { instances: [{ url: server.url, stream: 'hashtag', tag: 'sea', token }] }));
  await stepUntil(running, () => running.health().kind === 'stalled');
  expect(JSON.stringify(running.health())).toContain('The access token is invalid');
  expect(JSON.stringify(running.health())).not.toContain('s3cret');
  expect(server.requests[0]?.headers.authorization).toBe('Bearer s3cret');
  expect(server.requests[0]?.url).toBe('/api/v1/streaming/hashtag?tag=sea');
});

test('the WebSocket gives the same, with the token in a header', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const asked: (readonly [string | undefined, string | undefined])[] = [];
  server.on('connection', (socket, request) => {
    asked.push([request.url, request.headers.authorization]);
    for (const n of [1, 2])
      socket.send(JSON.stringify({ stream: ['list', '7'], event: 'update', payload: JSON.stringify(statusOf(n)) }));
    socket.send(JSON.stringify({ stream: ['list', '7'], event: 'delete', payload: '1001' }));
  });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const {
    start: open,
    stepUntil,
    ids,
  } = await createFollowing(handClock(start), { GROUNDSWELL_SECRET_M_TOKEN: 's3cret' });
  const token = { from: 'secret', name: 'm', key: 'token' } as const;
  const running = await open(
    readerOf([], {
      transport: 'websocket',
      heartbeatTimeoutMs: 1e6,
      instances: [{ url, stream: 'list', list: '7', token }],
    }),
  );
  await stepUntil(running, async () => (await ids()).length === 3);
  expect(asked).toEqual([['/api/v1/streaming?stream=list&list=7', 'Bearer s3cret']]);
  expect(running.health()).toEqual({ kind: 'ready' });
});

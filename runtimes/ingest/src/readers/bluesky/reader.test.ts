import type { AddressInfo } from 'node:net';
import type { BlueskyReader } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { IngestRunning } from '../../ingest.ts';
import { startIngest } from '../../start.ts';
import { deadLettersOf, eventsOf, type HandClock, handClock, programOf, testPorts } from '../../test/support.ts';
import { startEventsServer } from './events-server.fixture.ts';

const firstUs = Date.UTC(2026, 10, 21) * 1000;
const stepUs = 100_000;
const total = 400;

/** All that ever happens on the network of the test: the n-th like, a tenth of a second after the one before. */
const frameOf = (n: number): string =>
  JSON.stringify({
    did: 'did:plc:ann',
    time_us: firstUs + n * stepUs,
    kind: 'commit',
    commit: {
      operation: 'create',
      collection: 'app.bsky.feed.like',
      rkey: `k${n}`,
      record: { subject: { uri: `at://did:plc:bob/app.bsky.feed.post/p${n % 7}` } },
    },
  });

/** How one connection behaves: after so many frames it breaks off, says goodbye, goes silent, or sends rubbish and then goes silent. */
type Behaviour = { readonly after: number; readonly end: 'drop' | 'close' | 'stall' | 'rubbish' };

/** A Jetstream that plays the network from the cursor on, as the real one does, until it misbehaves. */
const startServer = async (behaviours: readonly Behaviour[]) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const requests: URL[] = [];
  server.on('connection', (socket: WebSocket, request) => {
    const url = new URL(request.url ?? '', 'ws://localhost');
    const { after, end } = behaviours[requests.length] ?? { after: total, end: 'stall' };
    requests.push(url);
    const cursor = Number(url.searchParams.get('cursor') ?? firstUs);
    const from = Math.max(0, Math.ceil((cursor - firstUs) / stepUs));
    for (let n = from; n < Math.min(total, from + after); n++) socket.send(frameOf(n));
    if (end === 'drop') socket.terminate();
    if (end === 'close') socket.close(1001, 'restart');
    if (end === 'rubbish') socket.send('{"did":"did:plc:a","time');
  });
  const { port } = server.address() as AddressInfo;
  return { requests, url: `ws://127.0.0.1:${port}/subscribe`, close: () => closeServer(server) };
};
const closeServer = (server: WebSocketServer): Promise<void> => {
  for (const client of server.clients) client.terminate();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
};

describe('following Jetstream', () => {
  let clock: HandClock;
  let ports: Ports;
  let closing: (() => Promise<void>)[];

  beforeEach(async () => {
    clock = handClock(firstUs / 1000);
    ports = await testPorts(1, clock);
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing) await close();
  });

  const serve = async (...behaviours: readonly Behaviour[]) => {
    const server = await startServer(behaviours);
    closing.push(server.close);
    return server;
  };
  const start = async (instances: readonly string[], changes: Partial<BlueskyReader> = {}): Promise<IngestRunning> => {
    const reader: BlueskyReader = {
      kind: 'bluesky',
      instances: [...instances],
      collections: ['app.bsky.feed.like', 'app.bsky.feed.post'],
      cursorRewindMs: 2000,
      heartbeatTimeoutMs: 2000,
      backoff: { initialMs: 100, maxMs: 1000 },
      ...changes,
    };
    const running = await startIngest(programOf(reader), ports, { directory: '.', world: { random: () => 1 } });
    closing.push(running.stop);
    return running;
  };
  /** The clock goes on by 50 ms with every step, so that waits and silences pass without anybody sleeping through them. */
  const stepUntil = async (running: IngestRunning, isDone: () => boolean): Promise<void> => {
    for (let steps = 0; steps < 3000 && !isDone(); steps++) {
      await running.step({ maxWaitMs: 5 });
      clock.set(clock.now() + 50);
    }
    expect(isDone()).toBe(true);
  };
  const written = (running: IngestRunning) => running.report().ledger?.aggregated ?? 0;
  const everything = Array.from({ length: total }, (_, n) => `at://did:plc:ann/app.bsky.feed.like/k${n}`);
  const ids = async () => (await eventsOf(ports)).map(({ id }) => id);

  test('asks for its collections and accounts, and for a cursor only when it has one', async () => {
    const server = await serve({ after: 10, end: 'drop' });
    const running = await start([server.url], { accounts: ['did:plc:ann'] });
    await stepUntil(running, () => server.requests.length > 1);
    expect(server.requests.map(({ search }) => search)).toEqual([
      '?wantedCollections=app.bsky.feed.like&wantedCollections=app.bsky.feed.post&wantedDids=did%3Aplc%3Aann',
      expect.stringMatching(new RegExp(`&cursor=${firstUs + 9 * stepUs - 2_000_000}$`)),
    ]);
  });

  test('begins the first time where it is told to', async () => {
    const server = await serve();
    const running = await start([server.url], { startAt: firstUs / 1000 + 30_000 });
    await stepUntil(running, () => written(running) === total - 300);
    expect(await ids()).toEqual(everything.slice(300));
  });

  test('loses nothing and takes nothing twice from servers that drop, stall and send rubbish', async () => {
    const one = await serve({ after: 50, end: 'drop' }, { after: 90, end: 'rubbish' }, { after: 30, end: 'close' });
    const other = await serve({ after: 70, end: 'stall' }, { after: 0, end: 'drop' }, { after: 60, end: 'drop' });
    const running = await start([one.url, other.url]);
    await stepUntil(running, () => written(running) === total);
    expect(await ids()).toEqual(everything);
    const ledger = running.report().ledger;
    expect(ledger?.duplicate).toBeGreaterThan(0);
    expect(ledger?.in).toBe(total + (ledger?.duplicate ?? 0) + (ledger?.deadLettered ?? 0));
    expect(await deadLettersOf(ports)).toMatchObject([
      {
        origin: one.url,
        reason: expect.stringContaining('Cannot use a frame: it is not JSON'),
        raw: Buffer.from('{"did":"did:plc:a","time').toString('base64'),
      },
    ]);
    await running.save();
    const disconnects = await ports.metrics.registry.getSingleMetricAsString('ingest_disconnects_total');
    for (const reason of ['silent', 'closed', 'failed']) {
      expect(disconnects).toContain(`ingest_disconnects_total{source="demo",reason="${reason}"}`);
    }
  });

  const eventFrameOf = (n: number): string => {
    const { did, time_us, commit } = JSON.parse(frameOf(n));
    const time = `${new Date(time_us / 1000).toISOString().slice(0, -1)}000Z`;
    const $type = 'network.bsky.jetstream.subscribeEvents#commit';
    return JSON.stringify({ $type: 'message', payload: { $type, seq: 9_000 + n, did, time, rev: 'r', ...commit } });
  };
  test.each([
    { how: 'plain', changes: {}, dictionaries: 0 },
    { how: 'packed by the dictionary of the instance', changes: { compression: 'zstd' } as const, dictionaries: 3 },
  ])(
    'takes everything once from version 2 of the wire, $how, over restarts of the server',
    async ({ changes, dictionaries }) => {
      const info = {
        $type: 'network.bsky.jetstream.subscribeEvents#info',
        name: 'OutdatedCursor',
        message: 'from 9000',
      };
      const server = await startEventsServer((cursorMs, connection) => {
        const from = Math.max(0, Math.ceil((cursorMs * 1000 - firstUs) / stepUs));
        const frames = Array.from({ length: total - from }, (_, i) => eventFrameOf(from + i));
        if (connection > 1) return frames;
        const error = { $type: 'error', error: 'ConsumerTooSlow', message: 'read faster' };
        return [{ $type: 'message', payload: info }, error]
          .map((each) => JSON.stringify(each))
          .flatMap((text, i) => (i === 0 ? [text, ...frames.slice(0, 50)] : [text]));
      });
      const running = await start([server.url], { accounts: ['did:plc:ann'], ...changes });
      await stepUntil(running, () => written(running) === total);
      expect(await ids()).toEqual(everything);
      expect(await deadLettersOf(ports)).toEqual([]);
      expect(server.requests[0]?.searchParams.toString()).toMatch(
        /^kinds=commit&collections=app.bsky.feed.like&collections=app.bsky.feed.post&dids=did%3Aplc%3Aann(&zstdDictionary=4242)?$/,
      );
      expect(server.requests[1]?.searchParams.get('cursor')).toBe(String(firstUs + 49 * stepUs - 2_000_000));
      // The first answer was a failure.
      expect(server.dictionaries.length).toBe(dictionaries);
      await running.save();
      const ignored = await ports.metrics.registry.getSingleMetricAsString('ingest_ignored_total');
      for (const kind of ['OutdatedCursor', 'ConsumerTooSlow'])
        expect(ignored).toContain(`ingest_ignored_total{source="demo",kind="${kind}"} 1`);
    },
  );

  test('goes on after a crash from its saved cursor, and on another instance while one is away', async () => {
    const gone = await startServer([]);
    await gone.close();
    const server = await serve({ after: 120, end: 'stall' });
    const killed = await start([server.url]);
    await stepUntil(killed, () => written(killed) === 100 || written(killed) === 120);
    await killed.save();
    await stepUntil(killed, () => written(killed) === 120);
    const running = await start([gone.url, server.url]);
    await stepUntil(running, () => written(running) === total);
    expect(await ids()).toEqual(everything);
  });
});

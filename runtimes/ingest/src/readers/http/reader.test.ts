import { createHmac } from 'node:crypto';
import { request as openRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { HttpReader } from '@groundswell/graph';
import { createValues } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IngestRunning } from '../../ingest.ts';
import { createPushDoors } from '../../push-doors.ts';
import { startIngest } from '../../start.ts';
import {
  deadLettersOf,
  eventsOf,
  folderWith,
  type HandClock,
  handClock,
  programOf,
  testPorts,
} from '../../test/support.ts';

const env = { GROUNDSWELL_SECRET_SITE_KEYS: '# of the shop\nkey-1\nkey-2\n', GROUNDSWELL_SECRET_SITE_HMAC: 's3cret' };
const keys = { from: 'secret', name: 'site', key: 'keys' } as const;
const click = (id: string, more: object = {}) => ({ id, type: 'click', post_id: 'p1', user_id: 'ann', ...more });

let clock: HandClock;
let ports: Ports;
let running: IngestRunning;
let url: string;
let stepping: Promise<void>;
let isStopped: boolean;

const start = async (changes: Partial<HttpReader> = {}, from: Ports = ports): Promise<void> => {
  const doors = createPushDoors();
  url = `${await doors.listen({ host: '127.0.0.1', port: 0 })}/v1/events`;
  const reader: HttpReader = {
    kind: 'http',
    path: '/v1/events',
    maxBatch: 100,
    maxBodyBytes: 20_000,
    maxBehindMs: 10_000,
    ...changes,
  };
  const values = createValues({ directories: [], env });
  running = await startIngest(programOf(reader, { maxFutureMs: 60_000 }), from, { directory: '.', values, doors });
};
/** Steps as a pod does, until it is told to stop. */
const go = (): void => {
  isStopped = false;
  stepping = (async () => {
    while (!isStopped) await running.step({ maxWaitMs: 20 });
  })();
};
const halt = async (): Promise<void> => {
  isStopped = true;
  await stepping;
};

beforeEach(async () => {
  clock = handClock();
  ports = await testPorts(1, clock);
  stepping = Promise.resolve();
});
afterEach(async () => {
  await halt();
  await running.stop();
});

interface Receipt {
  readonly detail: string;
  readonly reasons: readonly { readonly index: number }[];
}

const post = async (body: string | Uint8Array | object, headers: Record<string, string> = {}) => {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method: 'POST',
    body: isRaw ? (body as string) : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Receipt };
};
const ids = async () => (await eventsOf(ports)).map(({ id }) => id);

describe('events that are pushed', () => {
  test('are in the log when the request is answered, whether one, a list, wrapped or by line', async () => {
    await start();
    go();
    expect(await post(click('1'))).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 0, refused: 0 } });
    expect(await ids()).toEqual(['1']);
    expect((await post([click('2'), click('3')])).body).toMatchObject({ accepted: 2 });
    expect((await post({ events: [click('4')] })).body).toMatchObject({ accepted: 1 });
    const lines = `${JSON.stringify(click('5'))}\n\n${JSON.stringify(click('6'))}\n`;
    expect((await post(lines, { 'content-type': 'application/x-ndjson' })).body).toMatchObject({ accepted: 2 });
    expect(
      (
        await post(gzipSync(lines.replace('"5"', '"7"')), {
          'content-type': 'application/x-ndjson',
          'content-encoding': 'gzip',
        })
      ).body,
    ).toEqual({ accepted: 1, duplicates: 1, refused: 0 });
    expect(await ids()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  test('get what the sender does not know: a time, an author for posts, a source', async () => {
    await start();
    go();
    await post([
      { type: 'post', post_id: 'p', user_id: 'ann' },
      click('2', { at: '2026-01-01T00:00:01Z', source: 'forged' }),
    ]);
    expect(await eventsOf(ports)).toMatchObject([
      { type: 'post', author_id: 'ann', at: clock.now(), source: 'demo', ingested_at: clock.now() },
      { author_id: '', at: Date.UTC(2026, 0, 1, 0, 0, 1), source: 'demo' },
    ]);
  });

  test('are mapped where senders have a form of their own', async () => {
    await start({
      mapping: {
        type: "row.kind == 'v' ? 'view' : 'click'",
        at: 'row.t',
        post_id: 'row.item',
        user_id: 'row.who',
        author_id: "''",
        'attributes.page': 'row.page',
      },
      timeUnit: 's',
    });
    go();
    const at = clock.now() / 1000;
    expect(
      (
        await post([
          { kind: 'v', t: at, item: 7, who: 'ann', page: 3 },
          { kind: 'c', t: 'noon' },
        ])
      ).body,
    ).toMatchObject({
      accepted: 1,
      refused: 1,
      reasons: [{ index: 1, reason: expect.stringContaining('at is "noon"') }],
    });
    expect(await eventsOf(ports)).toMatchObject([{ type: 'view', post_id: '7', attributes: { page: 3 } }]);
  });

  test('count once when a request is sent again with its idempotency key, even after a crash', async () => {
    await start();
    go();
    const batch = [
      { type: 'view', post_id: 'p', user_id: 'a' },
      { type: 'view', post_id: 'p', user_id: 'b' },
    ];
    const headers = { 'idempotency-key': 'k1' };
    expect((await post(batch, headers)).body).toMatchObject({ accepted: 2 });
    expect((await post(batch, headers)).body).toMatchObject({ accepted: 0, duplicates: 2 });
    expect((await post(batch)).body).toMatchObject({ accepted: 2 });
    await halt();
    await running.stop();
    await start();
    go();
    await post(batch, headers);
    expect(await ids()).toHaveLength(4);
  });

  test('that are none are told to the sender and kept as dead letters, and the others are taken', async () => {
    await start();
    go();
    const future = clock.now() + 3_600_000;
    const { status, body } = await post([
      click('1'),
      { type: 'poke' },
      'text',
      click('2', { at: future }),
      click('3'),
      click('4', { weight: 10 }),
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 2, refused: 4 });
    expect(body.reasons.map(({ index }) => index)).toEqual([1, 2, 3, 5]);
    expect((await deadLettersOf(ports)).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('type: '),
      'Cannot make an event: it is no JSON object',
      expect.stringContaining('ahead of the clock'),
      expect.stringContaining('who sends events sends all of them'),
    ]);
    expect((await post({ type: 'poke' })).status).toBe(422);
    const ledger = running.report().ledger;
    expect(ledger?.in).toBe((ledger?.aggregated ?? 0) + (ledger?.duplicate ?? 0) + (ledger?.deadLettered ?? 0));
  });
});

describe('access', () => {
  test('is by key, in either header or in the body of a beacon', async () => {
    await start({ apiKeys: keys });
    go();
    expect((await post(click('1'), { authorization: 'Bearer key-2' })).status).toBe(200);
    expect((await post(click('2'), { 'x-api-key': 'key-1' })).status).toBe(200);
    const beacon = JSON.stringify({ api_key: 'key-1', events: [click('3')] });
    expect((await post(beacon, { 'content-type': 'text/plain;charset=UTF-8' })).status).toBe(200);
    for (const headers of [{}, { authorization: 'Bearer key-3' }, { 'x-api-key': '# of the shop' }])
      expect(await post(click('4'), headers as Record<string, string>)).toMatchObject({
        status: 401,
        body: { title: 'Unauthorized' },
      });
    expect((await post(beacon.replace('key-1', 'key-9'), { 'content-type': 'text/plain' })).status).toBe(401);
    expect(await ids()).toEqual(['1', '2', '3']);
  });

  test('is by signature of the body as it is sent', async () => {
    await start({ hmac: { secret: { ...keys, key: 'hmac' }, header: 'x-signature-256' } });
    go();
    const body = gzipSync(JSON.stringify(click('1')));
    const sign = (bytes: Uint8Array) => createHmac('sha256', 's3cret').update(bytes).digest('hex');
    const headers = (signature: string) => ({ 'content-encoding': 'gzip', 'x-signature-256': signature });
    expect((await post(body, headers(`sha256=${sign(body)}`))).status).toBe(200);
    expect((await post(body, headers(sign(Buffer.from('other'))))).status).toBe(401);
    expect(await post(body, headers(''))).toMatchObject({
      status: 401,
      body: { detail: expect.not.stringContaining('s3cret') },
    });
  });

  test('a secret that is nowhere is said by its name', async () => {
    await start();
    const reader = {
      kind: 'http',
      path: '/v2',
      apiKeys: { ...keys, name: 'gone' },
      maxBatch: 1,
      maxBodyBytes: 1,
      maxBehindMs: 1,
    } as const;
    await expect(startIngest(programOf(reader), ports, { directory: '.' })).rejects.toThrow(
      'Cannot read "keys" of Secret "gone"',
    );
  });
});

/** Nobody steps, so the request that was sent waits; one without events is refused as soon as it has waited too long. */
const untilItWaits = () =>
  expect
    .poll(async () => {
      clock.set(clock.now() + 11_000);
      return (await post([])).status;
    })
    .toBe(429);

describe('a request that cannot be taken', () => {
  test.each([
    { what: 'no JSON', body: '{"type":"cl', headers: {}, status: 400, says: 'it is not JSON' },
    {
      what: 'a gzip cut short',
      body: gzipSync('[]'.padEnd(5000, ' ')).subarray(0, 20),
      headers: { 'content-encoding': 'gzip' },
      status: 400,
      says: 'its gzip is damaged',
    },
    {
      what: 'a gzip that unpacks to too much',
      body: gzipSync(' '.repeat(1e6)),
      headers: { 'content-encoding': 'gzip' },
      status: 413,
      says: 'more than 20000 bytes',
    },
    { what: 'a body too large', body: ' '.repeat(20_001), headers: {}, status: 413, says: 'more than 20000 bytes' },
    {
      what: 'too many events',
      body: JSON.stringify(Array(101).fill(1)),
      headers: {},
      status: 413,
      says: 'at most 100',
    },
    { what: 'another encoding', body: 'x', headers: { 'content-encoding': 'br' }, status: 415, says: 'gzip' },
    { what: 'no UTF-8', body: Uint8Array.of(0xff, 0xfe), headers: {}, status: 400, says: 'not UTF-8' },
  ])('is refused with $status for $what, and the next one is taken', async ({ body, headers, status, says }) => {
    await start();
    go();
    const answer = await post(body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(says);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect((await post(click('1'))).status).toBe(200);
  });

  test('is refused with 429 and a time to come back when events wait too long, and nothing of it is written', async () => {
    await start();
    const first = post(click('1'));
    await untilItWaits();
    expect((await post(click('2'))).headers.get('retry-after')).toBe('1');
    go();
    expect((await first).status).toBe(200);
    expect((await post(click('3'))).status).toBe(200);
    expect(await ids()).not.toContain('2');
  });

  test('a body that comes slowly or breaks off harms nobody', async () => {
    await start();
    go();
    const slow = openRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 1000 },
    });
    slow.on('error', () => undefined);
    slow.write('[{"type":');
    expect((await post(click('1'))).status).toBe(200);
    slow.destroy();
    expect((await post(click('2'))).status).toBe(200);
    expect(await ids()).toEqual(['1', '2']);
  });

  test('pages of other origins may send, and ask first', async () => {
    await start();
    const preflight = await fetch(url, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect((await fetch(url)).status).toBe(405);
  });

  test('is answered with 503 when the source stops meanwhile', async () => {
    await start();
    const waiting = post(click('1'));
    await untilItWaits();
    await running.stop();
    expect((await waiting).status).toBe(503);
  });
});

test('with a journal, the answer comes with the save and not before: what was accepted outlasts a crash', async () => {
  const directory = folderWith({});
  const open = async () => {
    const stores = await createEmbeddedStores({ clock, directory, logger: ports.logger });
    await stores.log.createTopics([
      { name: 'virality.events', partitions: 1 },
      { name: 'virality.dead-letters', partitions: 1 },
    ]);
    return stores;
  };
  const stores = await open();
  await start({}, { ...ports, ...stores });
  let isAnswered = false;
  const answer = post(click('1')).then((value) => {
    isAnswered = true;
    return value;
  });
  while (!stores.isAwaited()) await running.step({ maxWaitMs: 20 });
  expect(isAnswered).toBe(false);
  await running.save();
  await stores.commit();
  expect((await answer).status).toBe(200);
  await running.stop();
  await stores.close();
  const again = await open();
  expect((await eventsOf({ ...ports, ...again })).map(({ id }) => id)).toEqual(['1']);
  await again.close();
});

import type { XReader } from '@groundswell/graph';
import { describe, expect, test } from 'vitest';
import type { IngestRunning } from '../../ingest.ts';
import { createFollowing } from '../../test/following.ts';
import type { Behaviour } from '../../test/stream-server.ts';
import { deadLettersOf, eventsOf, handClock, programOf } from '../../test/support.ts';
import { startX } from './mock-x.fixture.ts';

const start = Date.UTC(2026, 10, 21);
/** X's ids hold their time, ms, and 22 bits more. */
const idOf = (n: number): string => String((BigInt(start + n * 10) - 1_288_834_974_657n) << 22n);

const postOf = (n: number, more: object = {}, rest: object = {}): string =>
  `${JSON.stringify({
    data: {
      ...{ id: idOf(n), author_id: 'u1', text: `post ${n}`, lang: 'en' },
      created_at: new Date(Math.floor((start + n * 10) / 1000) * 1000).toISOString(),
      ...more,
    },
    includes: { users: [{ id: 'u1', username: 'ann', verified: true, public_metrics: { followers_count: 12 } }] },
    matching_rules: [{ id: '100', tag: 'storms' }],
    ...rest,
  })}\r\n`;
const streamed = (from: number, to: number) =>
  `\r\n${Array.from({ length: to - from }, (_, i) => postOf(from + i)).join('\r\n')}`;
const idsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => idOf(from + i));

const token = { from: 'secret', name: 'x', key: 'bearer' } as const;
const env = { GROUNDSWELL_SECRET_X_BEARER: 's3cret-token' };
const readerOf = (endpoint: string, changes: Partial<XReader> = {}): XReader => ({
  kind: 'x',
  stream: 'filtered',
  token,
  endpoint,
  rules: [{ name: 'storms', value: 'storm lang:en' }],
  foreignRules: 'Refuse',
  backfillMinutes: 0,
  redundant: false,
  heartbeatTimeoutMs: 20_000,
  compliance: false,
  ...changes,
});
const written = (running: IngestRunning) => running.report().ledger?.aggregated ?? 0;
const follow = () => createFollowing(handClock(start), env);

describe('a post of X', () => {
  const inner = { id: idOf(-500), author_id: 'u9', created_at: new Date(start - 5000).toISOString() };
  const refer = (type: string, id: string) => ({ referenced_tweets: [{ type, id }] });
  const includes = { includes: { users: [], tweets: [inner] } };
  test.each([
    {
      what: 'by itself',
      more: {},
      rest: {},
      is: {
        type: 'post',
        post_id: idOf(1),
        author_id: 'u1',
        at: start + 10,
        user: { name: 'ann', followers: 12, verified: true },
        attributes: { rule: 'storms' },
      },
    },
    {
      what: 'that shares',
      more: refer('retweeted', inner.id),
      rest: includes,
      is: { type: 'repost', post_id: inner.id, author_id: 'u9', posted_at: start - 5000 },
    },
    {
      what: 'that quotes',
      more: refer('quoted', inner.id),
      rest: includes,
      is: { type: 'quote', post_id: inner.id, author_id: 'u9' },
    },
    {
      what: 'that replies to the root',
      more: { ...refer('replied_to', '7'), conversation_id: '7', in_reply_to_user_id: 'u5' },
      rest: {},
      is: { type: 'reply', post_id: '7', author_id: 'u5' },
    },
    {
      what: 'that replies further down',
      more: { ...refer('replied_to', '8'), conversation_id: '7' },
      rest: {},
      is: { type: 'reply', post_id: '7', parent_id: '8', author_id: '' },
    },
    {
      what: 'with tags, links and media',
      more: {
        entities: { hashtags: [{ tag: 'sea' }], urls: [{}], mentions: [{}, {}] },
        attachments: { media_keys: ['3_1'] },
      },
      rest: {},
      is: { tags: ['sea'], links: 1, mentions: 2, media: 1 },
    },
  ])('$what becomes its event', async ({ more, rest, is }) => {
    const x = await startX({ posts: [{ text: postOf(1, more, rest), end: 'hold' }] });
    const following = await follow();
    const running = await following.start(readerOf(x.url));
    await following.stepUntil(running, () => written(running) === 1);
    expect(await eventsOf(following.ports)).toMatchObject([is]);
    expect(x.streams[0]?.searchParams.get('expansions')).toContain('referenced_tweets.id.author_id');
  });
});

describe('the stream', () => {
  test('loses nothing that X sends again, and takes nothing twice, from a server that resets, stalls, cuts and refuses', async () => {
    const posts: Behaviour[] = [
      { text: streamed(0, 20), end: 'reset' },
      { text: '', end: { status: 503 } },
      { text: streamed(15, 40), end: 'midway' },
      { text: `${streamed(40, 50)}{"data":{"id":\r\n${'x'.repeat(1_200_000)}\r\n`, end: 'hold' },
      { text: streamed(45, 70), end: 'gzip' },
      { text: '', end: { status: 420 } },
      {
        text: `${streamed(60, 80)}{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"bye"}]}\r\n`,
        end: 'end',
      },
      { text: streamed(70, 90).split('\r\n').toReversed().join('\r\n'), end: 'bytewise' },
    ];
    // However slow this machine is: what comes later has all of it.
    const x = await startX({ posts, after: { text: streamed(0, 90), end: 'hold' } });
    const following = await follow();
    const running = await following.start(readerOf(x.url, { backfillMinutes: 5 }));
    await following.stepUntil(running, () => written(running) === 90, 150);
    expect([...(await following.ids())].sort()).toEqual(idsOf(0, 90).sort());
    expect((await deadLettersOf(following.ports)).length).toBe(2);
    await running.save();
    const disconnects = await following.ports.metrics.registry.getSingleMetricAsString('ingest_disconnects_total');
    for (const reason of ['failed', 'silent', 'refused_503', 'refused_420', 'UpstreamOperationalDisconnect'])
      expect(disconnects).toContain(`reason="${reason}"`);
    expect(x.streams[0]?.searchParams.has('backfill_minutes')).toBe(false);
    expect(x.streams[1]?.searchParams.get('backfill_minutes')).toBe('1');
  });

  test('after a crash is opened with as many minutes as were missed, and repeats are dropped', async () => {
    const x = await startX({
      posts: [
        { text: streamed(0, 10), end: 'hold' },
        { text: streamed(0, 20), end: 'hold' },
      ],
    });
    const clock = handClock(start);
    const following = await createFollowing(clock, env);
    const killed = await following.start(readerOf(x.url, { backfillMinutes: 5 }));
    await following.stepUntil(killed, () => written(killed) === 10);
    await killed.save();
    clock.set(clock.now() + 150_000);
    const running = await following.start(readerOf(x.url, { backfillMinutes: 5 }));
    await following.stepUntil(running, () => written(running) === 20);
    expect(await following.ids()).toEqual(idsOf(0, 20));
    expect(x.streams.at(-1)?.searchParams.get('backfill_minutes')).toBe('3');
  });

  test('is kept alive by empty lines, and given up after 20 s without', async () => {
    const x = await startX({
      posts: [
        { text: '\r\n', end: 'hold' },
        { text: streamed(0, 1), end: 'hold' },
      ],
    });
    const clock = handClock(start);
    const following = await createFollowing(clock, env);
    const running = await following.start(readerOf(x.url));
    await following.stepUntil(running, () => x.streams.length === 1);
    await following.stepUntil(running, () => running.health().kind === 'ready');
    const from = clock.now();
    await following.stepUntil(running, () => written(running) === 1);
    expect(clock.now() - from).toBeGreaterThan(19_000);
    expect(clock.now() - from).toBeLessThan(25_000);
  });

  test.each([
    { what: 'without a reset, a minute', headers: {}, atLeastMs: 60_000 },
    {
      what: 'with a reset, until then',
      headers: { 'x-rate-limit-reset': String(start / 1000 + 100) },
      atLeastMs: 100_000,
    },
  ])('after 429 waits $what', async ({ headers, atLeastMs }) => {
    const x = await startX({
      posts: [
        { text: '', end: { status: 429, headers } },
        { text: streamed(0, 1), end: 'hold' },
      ],
    });
    const clock = handClock(start);
    const following = await createFollowing(clock, env);
    const running = await following.start(readerOf(x.url));
    await following.stepUntil(running, () => written(running) === 1, 1000);
    expect(clock.now() - start).toBeGreaterThanOrEqual(atLeastMs);
    expect(clock.now() - start).toBeLessThan(atLeastMs + 10_000);
  });

  test.each([401, 403])('stalls on %i with the words of X and without the token', async (status) => {
    const x = await startX({ posts: [{ text: '', end: { status, body: '{"title":"Unsupported Authentication"}' } }] });
    const following = await follow();
    const running = await following.start(readerOf(x.url));
    await following.stepUntil(running, () => running.health().kind === 'stalled');
    expect(JSON.stringify(running.health())).toContain('Unsupported Authentication');
    expect(JSON.stringify([running.health(), running.report()])).not.toContain('s3cret');
    expect([...x.tokens]).toEqual(['Bearer s3cret-token']);
  });

  test('comes twice where it is redundant, and counts once', async () => {
    const x = await startX({
      posts: [
        { text: streamed(0, 30), end: 'hold' },
        { text: streamed(0, 30), end: 'reset' },
      ],
    });
    const following = await follow();
    const running = await following.start(readerOf(x.url, { redundant: true, stream: 'sample', rules: [] }));
    await following.stepUntil(running, () => running.report().ledger?.in === 60);
    expect(written(running)).toBe(30);
    expect(x.streams.map(({ pathname }) => pathname)).toContain('/2/tweets/sample/stream');
    expect(x.changes).toEqual([]);
  });
});

test('the quota of a day is never exceeded: the stream is left, over a restart too, and followed again the next day', async () => {
  const x = await startX({ after: { text: streamed(0, 200), end: 'hold' } });
  const clock = handClock(start);
  const following = await createFollowing(clock, env);
  const reader = readerOf(x.url, { quota: { perDay: 50, resetDay: 1, reservePercent: 0, whenShort: 'pause' } });
  const first = await following.start(reader);
  await following.stepUntil(first, () => written(first) === 50 && first.health().kind === 'waiting');
  expect(first.health()).toMatchObject({
    reason: 'QuotaUsedUp',
    message: expect.stringContaining('2026-11-22T00:00:00'),
  });
  await first.save();
  await first.stop();
  const running = await following.start(reader);
  for (let step = 0; step < 100; step++) await running.step({ maxWaitMs: 1 });
  expect(x.streams.length).toBe(1);
  clock.set(start + 86_400_000);
  await following.stepUntil(running, () => running.report().ledger?.in === 100);
  expect(x.streams.length).toBe(2);
});

test('where the quota of a day would not last, X is asked for fewer posts, and each says how many it stands for', async () => {
  const by = (...ids: readonly string[]) => ({ matching_rules: ids.map((id) => ({ id, tag: 'storms' })) });
  const later = [postOf(300, {}, by('101')), postOf(301, {}, by('100', '101')), postOf(302, {}, by('gone'))];
  const x = await startX({
    posts: [{ text: streamed(0, 200), end: 'hold' }],
    after: { text: later.join(''), end: 'hold' },
  });
  const clock = handClock(start);
  const following = await createFollowing(clock, env);
  const reader = readerOf(x.url, { quota: { perDay: 4_000, resetDay: 1, reservePercent: 0, whenShort: 'sample' } });
  const first = await following.start(reader);
  await following.stepUntil(first, () => written(first) === 200);
  await first.save();
  await first.stop();

  // 200 in 20 minutes are 14,200 in what is left of the day, for which 3,800 are left.
  clock.set(start + 1_200_000);
  const running = await following.start(reader);
  await following.stepUntil(running, () => written(running) === 203);
  expect(x.changes).toEqual(['+storm lang:en', '+(storm lang:en) sample:26', '-100']);
  const events = await eventsOf(following.ports);
  expect(events.slice(-3).map(({ weight }) => weight)).toEqual([100 / 26, undefined, 100 / 26]);
  expect(events[0]).not.toHaveProperty('weight');
  expect(running.report().quota).toMatchObject({ used: 203, share: 0.26 });
});

describe('deletes', () => {
  const gone = (kind: string, id: string) =>
    `${JSON.stringify({ data: { [kind]: { tweet: { id, author_id: 'u1' }, event_at: '2026-11-21T00:00:09Z' } } })}\r\n`;

  test('come from all partitions of the compliance stream', async () => {
    const x = await startX({ compliance: [gone('delete', '1'), gone('drop', '2'), gone('undrop', '2'), '\r\n'] });
    const following = await follow();
    const running = await following.start(readerOf(x.url, { compliance: true }));
    await following.stepUntil(running, () => written(running) === 2 && x.compliance.length >= 4);
    expect(
      (await eventsOf(following.ports))
        .map(({ id, type, post_id, author_id }) => [id, type, post_id, author_id])
        .sort(),
    ).toEqual([
      ['1#delete', 'delete', '1', 'u1'],
      ['2#delete', 'delete', '2', 'u1'],
    ]);
    expect([...new Set(x.compliance)].sort()).toEqual(['1', '2', '3', '4']);
  });

  test('are done without where the access does not allow it, and posts go on', async () => {
    const x = await startX({ posts: [{ text: streamed(0, 1), end: 'hold' }] });
    const following = await follow();
    const running = await following.start(readerOf(x.url, { compliance: true, heartbeatTimeoutMs: 1e6 }));
    await following.stepUntil(running, () => written(running) === 1 && x.compliance.length >= 4);
    for (let step = 0; step < 50; step++) await running.step({ maxWaitMs: 1 });
    expect(x.compliance.length).toBe(4);
    expect(running.health()).toEqual({ kind: 'ready' });
  });
});

describe('rules', () => {
  const old = { id: '7', value: 'calm', tag: 'calm' };

  test('are added before the stream is opened, and changed while it is open', async () => {
    const x = await startX();
    const following = await follow();
    const reader = readerOf(x.url, { heartbeatTimeoutMs: 1e6 });
    const running = await following.start(reader);
    await following.stepUntil(running, () => x.streams.length === 1);
    expect(x.changes).toEqual(['+storm lang:en']);
    const rules = [{ name: 'floods', value: 'flood' }];
    expect(await running.update(programOf({ ...reader, rules }))).toBe(true);
    await following.stepUntil(running, () => x.changes.length === 3);
    expect(x.changes).toEqual(['+storm lang:en', '+flood', '-100']);
    expect(x.streams.length).toBe(1);
  });

  test('that others added are refused by default: it is tried out, changes nothing, and says what it would do', async () => {
    const x = await startX({ rules: [old] });
    const following = await follow();
    const running = await following.start(readerOf(x.url));
    await following.stepUntil(running, () => running.health().kind === 'stalled');
    expect(running.health()).toMatchObject({
      reason: 'ForeignRules',
      message:
        'Cannot sync the rules: the account has 1 that are not listed ("calm"); set foreignRules to Keep or Remove, and it would add 1 and remove 0 others',
    });
    expect(x.changes).toEqual(['?']);
    expect(x.streams).toEqual([]);
  });

  test.each([
    ['Keep', ['+storm lang:en'], ['calm', 'storm lang:en']],
    ['Remove', ['+storm lang:en', '-7'], ['storm lang:en']],
  ] as const)(
    'that others added are left or removed where that is wanted: %s',
    async (foreignRules, changes, after) => {
      const x = await startX({ rules: [old] });
      const following = await follow();
      const running = await following.start(readerOf(x.url, { foreignRules }));
      await following.stepUntil(running, () => x.streams.length === 1);
      expect(x.changes).toEqual(changes);
      expect(x.rules.map(({ value }) => value)).toEqual(after);
    },
  );

  test('that it added before a restart and are no longer wanted are known as its own', async () => {
    const x = await startX();
    const following = await follow();
    const first = await following.start(readerOf(x.url));
    await following.stepUntil(first, () => x.streams.length === 1);
    await first.save();
    const running = await following.start(readerOf(x.url, { rules: [{ name: 'floods', value: 'flood' }] }));
    await following.stepUntil(running, () => x.changes.includes('-100'));
    expect(x.rules.map(({ value }) => value)).toEqual(['flood']);
  });

  test('that X does not take stall the source with its words; trouble of X is waited out', async () => {
    const x = await startX({
      refuses: /near:/,
      trouble: [{ status: 503 }, { status: 429, headers: { 'x-rate-limit-reset': String(start / 1000 + 90) } }],
    });
    const clock = handClock(start);
    const following = await createFollowing(clock, env);
    const running = await following.start(readerOf(x.url, { rules: [{ name: 'here', value: 'near:me' }] }));
    await following.stepUntil(running, () => running.health().kind === 'stalled', 1000);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 90_000);
    expect(running.health()).toMatchObject({
      reason: 'RulesRefused',
      message: 'Cannot sync the rules of X: UnprocessableEntity: near:me: no such operator',
    });
  });
});

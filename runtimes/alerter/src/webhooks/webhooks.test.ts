import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlerterProgram, Webhook } from '@groundswell/graph';
import { encodeJson } from '@groundswell/wire';
import { Webhook as Verifier } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { createReceiver } from '../test/receiver.ts';
import { createWorld, prediction, program, rule, stepUntil } from '../test/world.ts';

const key = `whsec_${Buffer.from('a key of twenty-four byt').toString('base64')}`;
const env = { GROUNDSWELL_SECRET_HOOK_KEY: key };
const signingKey = { from: 'secret', name: 'hook', key: 'key' } as const;

const receiver = async (...script: Parameters<typeof createReceiver>) => {
  const made = await createReceiver(...script);
  onTestFinished(() => made.close());
  return made;
};
const telling = (url: string, events: Webhook['events'], over: Partial<AlerterProgram> = {}): AlerterProgram =>
  program({ rules: [], webhooks: [{ url, events, signingKey }], ...over });

type Body = { readonly type: string; readonly data: { readonly post_id: string } };
const posts = ({ received }: Awaited<ReturnType<typeof createReceiver>>): readonly string[] =>
  received.map(({ body }) => (body as Body).data.post_id);
const ids = ({ received }: Awaited<ReturnType<typeof createReceiver>>) =>
  received.map(({ headers }) => headers['webhook-id']);

test('a receiver is told of what it asked for, in bodies that it can verify by Standard Webhooks', async () => {
  const hook = await receiver();
  const world = await createWorld({ env });
  const channel = { kind: 'webhook', name: 'hook', url: `${hook.url}/alerts`, headers: {}, timeoutMs: 5_000 } as const;
  const all: Webhook['events'] = ['prediction', 'alert', 'rollout', 'outcome'];
  const running = await world.start(telling(hook.url, all, { rules: [rule()], channels: [channel] }));
  await running.step({ maxWaitMs: 0 });
  const producer = await world.stores.log.producer();
  const outcome = { outcome: 'viral', post_id: 'p9', posted_at: 0, matured_at: 1, value: 60, positive: true };
  await producer.send('demo.outcomes', [{ key: 'p9', value: encodeJson(outcome), timestamp: 1 }]);
  const decision = { status: { model: 'virality', phase: 'Promoted' }, program: { secret: 'inner' } };
  await producer.send('demo.decisions', [{ key: 'virality', value: encodeJson(decision), timestamp: 2 }]);
  await world.predict(prediction(), prediction({ post_id: 'shadow', shadow: true }));
  const told = () => hook.received.filter(({ path }) => path === '/');
  await stepUntil(running, () => told().length === 4);
  for (const { text, headers, body } of told())
    expect(new Verifier(key).verify(text, headers as Record<string, string>)).toEqual(body);
  const bodies = told().map(({ body }) => body as Body);
  expect(new Set(bodies.map(({ type }) => type))).toEqual(new Set(all));
  expect(bodies.find(({ type }) => type === 'prediction')).toMatchObject({ pipeline: 'demo', data: { post_id: 'p1' } });
  expect(bodies.find(({ type }) => type === 'rollout')).toEqual({
    ...{ type: 'rollout', timestamp: '1970-01-01T00:00:00.002Z', pipeline: 'demo' },
    data: { model: 'virality', phase: 'Promoted' },
  });
  expect(bodies.find(({ type }) => type === 'alert')).toMatchObject({ data: { rule: 'hot', state: 'firing' } });
  expect(running.health()).toEqual({ kind: 'ready' });
  await running.stop();
});

test('one that fails gets the same message again, and holds up nobody else', async () => {
  const failing = await receiver({ status: 503 }, { status: 500, body: `it was ${key}` });
  const well = await receiver();
  const world = await createWorld({ env });
  const webhooks = [failing, well].map(({ url }) => ({ url, events: ['prediction' as const], signingKey }));
  const running = await world.start(program({ rules: [], webhooks }));
  await running.step({ maxWaitMs: 0 });
  await world.predict(prediction());
  await stepUntil(running, () => running.health().kind === 'waiting' && posts(well).length === 1);
  await world.predict(prediction({ post_id: 'p2' }));
  await stepUntil(running, () => posts(well).length === 2);
  const said = new Set<string>();
  await stepUntil(running, () => {
    world.pass(100);
    said.add(JSON.stringify(running.health()));
    return failing.received.length === 4 && running.health().kind === 'ready';
  });
  expect(posts(failing)).toEqual(['p1', 'p1', 'p1', 'p2']);
  expect(new Set(ids(failing).slice(0, 3)).size).toBe(1);
  expect(ids(failing)[3]).not.toBe(ids(failing)[0]);
  expect([...said].join()).toContain('answered 500: it was …');
  expect([...said].join()).not.toContain(key);
  await running.stop();
});

test('what a receiver refuses, or has not taken for an hour, is a dead letter, and the next one is sent', async () => {
  const hook = await receiver({ status: 400, body: 'no such field' }, { status: 503 }, { status: 503 });
  const world = await createWorld({ env });
  const running = await world.start(telling(hook.url, ['prediction']));
  await running.step({ maxWaitMs: 0 });
  const letters = () => world.read('demo.dead-letters') as Promise<readonly { readonly raw: string }[]>;
  await world.predict(prediction({ post_id: 'odd' }));
  await stepUntil(running, async () => (await letters()).length === 1);
  await world.predict(prediction({ post_id: 'old' }));
  await stepUntil(running, () => hook.received.length === 2 && running.health().kind === 'waiting');
  world.pass(3_600_001);
  await stepUntil(running, async () => (await letters()).length === 2);
  await world.predict(prediction({ post_id: 'new' }));
  await stepUntil(running, () => {
    world.pass(1_000);
    return posts(hook).includes('new') && running.health().kind === 'ready';
  });
  const host = new URL(hook.url).host;
  const found = await letters();
  expect(found).toMatchObject([
    { group: 'alerter', origin: `webhook ${host}`, reason: 'answered 400: no such field' },
    { group: 'alerter', origin: `webhook ${host}`, reason: 'answered 503: ok' },
  ]);
  const raw = found.map(({ raw }) => JSON.parse(Buffer.from(raw, 'base64').toString()) as Body);
  expect(raw.map(({ data }) => data.post_id)).toEqual(['odd', 'old']);
  await running.stop();
});

test('after a crash, what has not arrived is sent, and what has is not', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'groundswell-webhooks-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const hook = await receiver({ status: 200 }, { status: 503 });
  const first = await createWorld({ directory, env });
  const running = await first.start(telling(hook.url, ['prediction']));
  await running.step({ maxWaitMs: 0 });
  await first.predict(prediction({ post_id: 'p0' }));
  await stepUntil(running, async () => {
    await first.stores.commit();
    return hook.received.length === 1;
  });
  await first.predict(prediction());
  await stepUntil(running, async () => {
    await first.stores.commit();
    return running.health().kind === 'waiting';
  });
  // As a killed process leaves it.
  await first.stores.close();

  const second = await createWorld({ directory, env });
  const again = await second.start(telling(hook.url, ['prediction']));
  await second.predict(prediction({ post_id: 'p2' }));
  await stepUntil(again, async () => {
    await second.stores.commit();
    return hook.received.length === 4;
  });
  expect(posts(hook).toSorted()).toEqual(['p0', 'p1', 'p1', 'p2']);
  await again.stop();
  await second.close();
});

test('of several workers one tells, and the next goes on where it stood', async () => {
  const hook = await receiver();
  const world = await createWorld({ shared: true, env });
  const workers = await Promise.all([1, 2].map(() => world.start(telling(hook.url, ['prediction']))));
  const [first, second] = workers as [(typeof workers)[0], (typeof workers)[0]];
  await first.step({ maxWaitMs: 0 });
  for (let i = 0; i < 10; i++) {
    await world.predict(prediction({ post_id: `p${i}` }));
    world.pass(1_100);
    await stepUntil(workers, () => hook.received.length > i);
  }
  await first.stop();
  await world.predict(prediction({ post_id: 'last' }));
  await stepUntil(second, () => {
    world.pass(1_100);
    return posts(hook).includes('last');
  });
  expect(posts(hook)).toEqual([...Array.from({ length: 10 }, (_, i) => `p${i}`), 'last']);
  await second.stop();
  await world.close();
});

test('one that is added while it runs is told of what comes from then on; a missing key is waited for', async () => {
  const hook = await receiver();
  const world = await createWorld({ env: {} });
  const running = await world.start(telling(hook.url, ['alert']));
  await running.step({ maxWaitMs: 0 });
  await world.predict(prediction({ post_id: 'before' }));
  await running.step({ maxWaitMs: 0 });
  expect(await running.update(telling(hook.url, ['prediction']))).toBe(true);
  await running.step({ maxWaitMs: 0 });
  await world.predict(prediction({ post_id: 'after' }));
  await stepUntil(running, () => running.health().kind === 'waiting');
  expect(running.health()).toMatchObject({ message: expect.stringContaining('Cannot read "key" of Secret "hook"') });
  const other = { ...signingKey, name: 'other' };
  expect(
    await running.update(program({ webhooks: [{ url: hook.url, events: ['prediction'], signingKey: other }] })),
  ).toBe(false);
  expect(hook.received).toEqual([]);
  await running.stop();
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertChannel, AlerterProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReceiver } from './test/receiver.ts';
import { createWorld, prediction, program, rule, stepUntil } from './test/world.ts';

let receiver: Awaited<ReturnType<typeof createReceiver>>;
beforeEach(async () => {
  receiver = await createReceiver();
});
afterEach(() => receiver.close());

const hook = (): AlertChannel => ({ kind: 'webhook', name: 'hook', url: receiver.url, headers: {}, timeoutMs: 5_000 });
const alerting = (over: Partial<AlerterProgram> = {}): AlerterProgram => program({ channels: [hook()], ...over });

/** Posts that were told of, in order. */
const told = (): readonly string[] =>
  receiver.received.flatMap(({ body }) =>
    (body as { alerts: readonly { post_id: string }[] }).alerts.map(({ post_id }) => post_id),
  );

describe('an alert', () => {
  test('arrives within two seconds of its prediction, with the reasons that are known a moment later', async () => {
    const world = await createWorld();
    const running = await world.start(alerting({ rules: [rule({ text: '{why}' })] }));
    await running.step({ maxWaitMs: 0 });
    const at = Date.now();
    await world.predict(prediction());
    await running.step({ maxWaitMs: 0 });
    const why = [{ feature: 'n', value: 3, effect: 0.2, text: '3 reposts in a minute' }];
    await world.show({ post_id: 'p1', author_id: 'a1', posted_at: 0 }, why);
    await stepUntil(running, () => receiver.received.length === 1);
    expect(Date.now() - at).toBeLessThan(2_000);
    expect(receiver.received[0]?.body).toMatchObject({ text: '3 reposts in a minute' });
    await running.stop();
  });

  test('is in the history and on the topic, as is its end', async () => {
    const world = await createWorld();
    const running = await world.start(alerting());
    await running.step({ maxWaitMs: 0 });
    await world.predict(
      prediction(),
      prediction({ post_id: 'calm', score: 0.2 }),
      prediction({ post_id: 'p2', shadow: true }),
    );
    await stepUntil(running, async () => (await world.history())[0]?.deliveries[0]?.state === 'sent');
    await world.predict(prediction({ scored_at: 90_000, score: 0.1 }));
    await stepUntil(running, async () => (await world.history())[0]?.state === 'ended');
    expect(await world.history()).toMatchObject([{ post_id: 'p1', deliveries: [{ channel: 'hook', attempts: 1 }] }]);
    const states = (await world.read('demo.alerts')) as { id: string; state: string }[];
    expect(states.map(({ state }) => state)).toEqual(['firing', 'ended']);
    expect(new Set(states.map(({ id }) => id)).size).toBe(1);
    expect(running.report().produced).toEqual({ 'alerts fired': 1, 'alerts repeated': 0, 'messages sent': 1 });
    await running.stop();
  });

  test('of what was scored before anybody watched is none', async () => {
    const world = await createWorld();
    await world.predict(prediction({ post_id: 'before' }));
    const running = await world.start(alerting());
    await running.step({ maxWaitMs: 0 });
    await world.predict(prediction());
    await stepUntil(running, () => told().length > 0);
    expect(told()).toEqual(['p1']);
    await running.stop();
  });

  test('looks at windows and cards, by rules that change while it runs', async () => {
    const world = await createWorld();
    const windows: AlerterProgram['windows'] = [
      { name: 'post-10m', hash: 'post:{post_id}', key: [{ name: 'post_id', value: 'post_id' }] },
    ];
    const batch = world.ports.keyValue.batch();
    batch.hashSet('post:p1', { reposts: '21', share: '0.5' });
    await batch.run();
    await world.show({ post_id: 'p1', author_id: 'a1', text: 'storm', posted_at: 0 });
    const when = "windows['post-10m'].reposts > 20.0 && post.text.contains('storm') && post.reposts == 7.0";
    const running = await world.start(alerting({ rules: [rule({ when: 'prediction.score > 0.99' })] }));
    await running.step({ maxWaitMs: 0 });
    await world.predict(prediction());
    await running.step({ maxWaitMs: 0 });
    expect(await running.update(alerting({ windows, rules: [rule({ when })] }))).toBe(true);
    await world.predict(prediction({ scored_at: 70_000 }));
    await stepUntil(running, () => told().length > 0);
    expect(told()).toEqual(['p1']);
    expect(await running.update(alerting({ predictions: { name: 'other' } }))).toBe(false);
    await running.stop();
  });

  test('that cannot be read is put aside, and the next is not held up', async () => {
    const world = await createWorld();
    const running = await world.start(alerting());
    await running.step({ maxWaitMs: 0 });
    await world.predict({ post_id: 'odd' } as never, prediction());
    await stepUntil(running, () => told().length > 0);
    expect(await world.read('demo.dead-letters')).toMatchObject([{ origin: 'demo.predictions/0', group: 'alerter' }]);
    await running.stop();
  });
});

describe('after a restart', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  test('what waits goes on, and nothing is told twice', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'groundswell-alerts-'));
    folders.push(directory);
    const grouped = alerting({
      rules: [rule({ group: { by: 'prediction.model', waitMs: 300 } }), rule({ name: 'single' })],
    });
    const first = await createWorld({ directory });
    const running = await first.start(grouped);
    await running.step({ maxWaitMs: 0 });
    await first.predict(prediction(), prediction({ post_id: 'p2' }));
    // Until one message is out; the next waits for a commit that does not come any more, and the group for its time.
    await stepUntil(running, async () => {
      if (told().length === 0) await first.stores.commit();
      return (await first.history()).some(({ deliveries }) => deliveries[0]?.state === 'sent');
    });
    await first.stores.commit();
    await running.stop();
    await first.close();

    const second = await createWorld({ directory });
    const again = await second.start(grouped);
    await stepUntil(again, async () => {
      await second.stores.commit();
      return (await second.history()).every(({ deliveries }) => deliveries.every(({ state }) => state === 'sent'));
    });
    const titles = receiver.received.map(({ body }) => (body as { title: string }).title);
    expect(titles.toSorted()).toEqual(['hot: 2 alerts (virality)', 'p1 scores 0.900', 'p2 scores 0.900']);
    await again.stop();
    await second.close();
  });
});

describe('of several workers', () => {
  const settled = async (
    workers: readonly Running[],
    { posts, pass }: { readonly posts: number; readonly pass: (ms: number) => void },
  ): Promise<void> => {
    await stepUntil(workers, () => {
      pass(200);
      return told().length >= posts;
    });
  };

  test('one works, and a post is told of once whoever is stopped, killed or asleep', async () => {
    const world = await createWorld({ shared: true });
    const workers = await Promise.all([1, 2, 3].map(() => world.start(alerting())));
    let asleep: Running | undefined;
    let posts = 0;
    const next = async (): Promise<void> => {
      const awake = workers.filter((worker) => worker !== asleep);
      for (const worker of awake) await worker.step({ maxWaitMs: 0 });
      await world.predict(prediction({ post_id: `p${posts++}` }), prediction({ post_id: `p${posts++}` }));
      world.pass(1_100);
      await settled(awake, { posts, pass: world.pass });
    };
    for (let round = 0; round < 12; round++) {
      await next();
      // By turns: asleep for so long that another takes over, killed, and stopped in order.
      const [first] = workers;
      if (round % 3 === 0) {
        asleep = workers[(round / 3) % workers.length];
        for (let i = 0; i < 8; i++) await next();
        asleep = undefined;
      } else if (round % 3 === 1 && first !== undefined) {
        workers.shift();
        workers.push(await world.start(alerting()));
      } else if (first !== undefined) {
        await first.stop();
        workers.shift();
        workers.push(await world.start(alerting()));
      }
    }
    expect(told().toSorted()).toEqual(Array.from({ length: posts }, (_, i) => `p${i}`).toSorted());
    for (const worker of workers) await worker.stop();
    await world.close();
  });

  test('the next one sends what the last could not', async () => {
    const world = await createWorld({ shared: true });
    await receiver.close();
    const [first, second] = [await world.start(alerting()), await world.start(alerting())];
    await first.step({ maxWaitMs: 0 });
    await world.predict(prediction());
    await stepUntil(first, () => first.health().kind === 'waiting');
    // At another port, or at the same one again: only the second looks.
    receiver = await createReceiver();
    await second.step({ maxWaitMs: 0 });
    world.pass(10_000);
    await second.update(alerting());
    await stepUntil(second, () => told().length === 1);
    for (let i = 0; i < 5; i++) await first.step({ maxWaitMs: 0 });
    expect(told()).toEqual(['p1']);
    await Promise.all([first.stop(), second.stop()]);
    await world.close();
  });
});

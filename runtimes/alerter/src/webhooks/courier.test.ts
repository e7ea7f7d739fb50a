import type { Answer } from '@groundswell/alerting';
import { createLogger } from '@groundswell/process';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { expect, test } from 'vitest';
import { createCourier } from './courier.ts';

const topic = 'demo.predictions';

/** A courier on a log, whose receiver answers when it is told to. */
const createScene = async (records: number) => {
  let now = 0;
  const clock = { now: () => now };
  const { log } = await createEmbeddedStores({ clock, logger: createLogger('test', 'silent') });
  await log.createTopics([{ name: topic, partitions: 1 }]);
  const producer = await log.producer();
  await producer.send(
    topic,
    Array.from({ length: records }, (_, i) => ({ value: Buffer.from(`${i}`) })),
  );
  const open: { readonly id: string; readonly answer: (answer: Answer) => void }[] = [];
  const [sent, buried]: [string[], string[]] = [[], []];
  const courier = createCourier([{ topic, partition: 0, offset: 0n }], {
    clock,
    consumer: await log.consumer({ topics: [topic], from: 'earliest' }),
    read: async ({ records: taken }, i) => ({ id: String(taken[i]?.offset), body: '' }),
    send: ({ id }) =>
      new Promise((answer) => {
        sent.push(id);
        open.push({ id, answer });
      }),
    bury: async ({ told }) => void buried.push(told.id),
    onSent: () => undefined,
    onFailed: () => undefined,
  });
  const answer = async (id: string, given: Answer): Promise<void> => {
    const at = open.findIndex((each) => each.id === id);
    open.splice(at, 1)[0]?.answer(given);
    await Promise.resolve();
    await courier.step();
  };
  return {
    ...{ courier, sent, buried, answer },
    step: async (ms = 0) => {
      now += ms;
      await courier.step();
    },
    stand: () => courier.positions()[0]?.offset,
  };
};
const failed: Answer = { kind: 'failed', problem: 'busy' };
const arrived: Answer = { kind: 'sent' };

test('it stands before the first that has not arrived, whatever came behind it', async () => {
  const { step, sent, answer, stand } = await createScene(3);
  await step();
  expect([sent, stand()]).toEqual([['0', '1', '2'], 0n]);
  await answer('1', arrived);
  expect(stand()).toBe(0n);
  await answer('0', arrived);
  expect(stand()).toBe(2n);
  await answer('2', arrived);
  expect(stand()).toBe(3n);
});

test('sixteen are under way at once, and while the receiver fails one alone, after 1 s, 2 s, 4 s', async () => {
  const { step, sent, answer, courier } = await createScene(40);
  await step();
  expect(sent).toHaveLength(16);
  for (const id of [...sent]) await answer(id, failed);
  expect([sent.length, courier.trouble()]).toEqual([16, 'busy']);
  for (const [waitMs, tries] of [
    [1_000, 17],
    [2_000, 18],
    [4_000, 19],
  ] as const) {
    await step(waitMs - 1);
    expect(sent).toHaveLength(tries - 1);
    await step(1);
    expect(sent).toHaveLength(tries);
    await answer(sent.at(-1) ?? '', failed);
  }
  await step(8_000);
  await answer(sent.at(-1) ?? '', arrived);
  expect([sent.length, courier.trouble()]).toEqual([36, undefined]);
});

test('a receiver that names a time is not asked before', async () => {
  const { step, sent, answer } = await createScene(1);
  await step();
  await answer('0', { ...failed, retryAfterMs: 30_000 });
  await step(29_999);
  expect(sent).toHaveLength(1);
  await step(1);
  expect(sent).toHaveLength(2);
});

test('what was refused, and what has waited for an hour, is buried and stood behind', async () => {
  const { step, answer, buried, stand } = await createScene(2);
  await step();
  await answer('1', { kind: 'refused', problem: 'never' });
  await answer('0', failed);
  expect([buried, stand()]).toEqual([['1'], 0n]);
  await step(3_600_001);
  expect([buried, stand()]).toEqual([['1', '0'], 2n]);
});

test('a receiver that does not answer is read ahead of by so much, and the rest waits in the log', async () => {
  const { step, courier } = await createScene(2_000);
  for (let i = 0; i < 10; i++) await step();
  expect(await courier.step()).toBe(0);
  expect(courier.positions()[0]?.offset).toBe(0n);
});

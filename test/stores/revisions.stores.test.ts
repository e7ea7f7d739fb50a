import { randomUUID } from 'node:crypto';
import { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import { createResultsReader } from '@groundswell/stores';
import { startWindow } from '@groundswell/window';
import { encodeEvent, watermarkHeader } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { openPorts } from './ports.ts';

const id = randomUUID().slice(0, 8);
const topics = { events: `events-${id}`, rekeyed: `rekeyed-${id}`, changelog: `changelog-${id}` };
/** Likes of ten seconds by user. */
const tens = WindowProgram.parse({
  kind: 'window',
  name: `window-${id}`,
  pipeline: `revisions-${id}`,
  revision: 'tens',
  window: 'likes',
  input: { topic: { name: topics.events } },
  rekey: { topic: { name: topics.rekeyed } },
  changelog: { name: topics.changelog, compacted: true },
  update: { warmFrom: 'Topic', maxWarmUpMs: 120_000, keepOldMs: 600_000 },
  key: ['user_id'],
  shape: { kind: 'tumble', sizeMs: 10_000 },
  head: 'Closed',
  emit: 'OnChange',
  watermark: { maxOutOfOrdernessMs: 0 },
  allowedLatenessMs: 0,
  deadLetters: { name: `dead-${id}` },
  aggregations: [{ kind: 'count', name: 'likes' }],
  sinks: [{ kind: 'hash', key: `${id}:{user_id}` }],
});
const fifteens: WindowProgram = { ...tens, revision: 'fifteens', shape: { kind: 'tumble', sizeMs: 15_000 } };
const users = Array.from({ length: 10 }, (_, i) => `u${i}`);

const open = () =>
  openPorts(id, [
    ...[topics.events, topics.rekeyed].map((name) => ({ name, partitions: 2 })),
    { name: topics.changelog, partitions: 2, compacted: true },
    { name: `dead-${id}`, partitions: 1 },
  ]);

test('a window on Kafka and Redis is defined anew while a worker dies: readers find one definition at a time, and go back at once', async () => {
  const [ports, others] = [await open(), await open()];
  const producer = await ports.log.producer();
  const like = async (fromSecond: number, toSecond: number): Promise<void> => {
    const times = Array.from({ length: (toSecond - fromSecond) * 100 }, (_, i) => fromSecond * 1_000 + i * 10);
    await producer.send(
      topics.events,
      times.map((at) => ({
        key: `k${at}`,
        value: encodeEvent({
          ...{ id: `e${at}`, type: 'like', at, ingested_at: at, source: 'test' },
          ...{ post_id: 'p', user_id: users[(at / 10) % 10]!, author_id: 'a' },
        }),
      })),
    );
    const headers = { [watermarkHeader]: String(toSecond * 1_000 - 1) };
    await producer.send(
      topics.events,
      [0, 1].map((partition) => ({ partition, value: null, headers })),
    );
  };
  const reader = createResultsReader(ports.keyValue, tens.pipeline, [tens.window]);
  /** The different results of all users, as they are read in one go. */
  const read = (): Promise<string> =>
    reader((batch, placeOf) => {
      const found = users.map((user) => batch.hashGetAll(`${placeOf(tens.window).prefix}${id}:${user}`));
      return () => [...new Set(found.map((reply) => JSON.stringify(reply.value()['likes'])))].join(' ');
    });
  const seen: string[] = [];
  const stepUntil = async (workers: readonly Running[], wanted: string, isDeclared = false): Promise<void> => {
    const declared = async () => {
      const batch = ports.keyValue.batch();
      const found = users.map((user) => batch.hashGet(`${id}:${user}`, ['likes']));
      await batch.run();
      return found.every((reply) => JSON.stringify(reply.value()[0]) === wanted);
    };
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      for (const worker of workers) await worker.step({ maxWaitMs: 50 });
      const found = await read();
      if (found !== seen.at(-1)) seen.push(found);
      if (found === wanted && (!isDeclared || (await declared()))) return;
    }
    expect([...seen, await read()]).toEqual([wanted]);
  };

  await like(0, 30);
  const [dies, stays] = [await startWindow(tens, others), await startWindow(tens, ports)];
  await stepUntil([dies, stays], '"100"');
  // Shards are done one after the other; from here on all users have results.
  seen.length = 0;
  for (const worker of [dies, stays]) await worker.save();
  for (const worker of [dies, stays]) expect(await worker.update(fifteens)).toBe(true);
  await dies.step({ maxWaitMs: 50 });
  await dies.stop();
  await stepUntil([stays], '"150"', true);
  expect(seen).toEqual(['"100"', '"150"']);

  await like(30, 60);
  await stepUntil([stays], '"150"', true);
  expect(await stays.update(tens)).toBe(true);
  expect(await read()).toBe('"100"');
  await stepUntil([stays], '"100"', true);
  expect(stays.report().ledger).toMatchObject({ late: 0, deadLettered: 0 });
  await stays.stop();
  await others.close();
  await ports.close();
});

import { randomUUID } from 'node:crypto';
import { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import { startWindow } from '@groundswell/window';
import { encodeEvent, encodeJson, watermarkHeader } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { openPorts } from './ports.ts';

const id = randomUUID().slice(0, 8);
const topics = { events: `events-${id}`, items: `items-${id}`, rekeyed: `rekeyed-${id}`, changelog: `changelog-${id}` };
/** Clicks by the category of their item. */
const program = WindowProgram.parse({
  kind: 'window',
  name: `window-${id}`,
  pipeline: `joins-${id}`,
  revision: 'r',
  window: 'clicks',
  input: { topic: { name: topics.events } },
  joins: [
    {
      ...{ name: 'item', topic: { name: topics.items, compacted: true }, maxRows: 10_000, key: 'event.post_id' },
      ...{ whenMissing: 'Keep', waitMs: 0, version: 'Newest' },
    },
  ],
  rekey: { topic: { name: topics.rekeyed } },
  changelog: { name: topics.changelog, compacted: true },
  key: ['item.category'],
  shape: { kind: 'global', everyMs: 1_000 },
  head: 'Closed',
  emit: 'OnChange',
  watermark: { maxOutOfOrdernessMs: 0 },
  allowedLatenessMs: 0,
  deadLetters: { name: `dead-${id}` },
  aggregations: [{ kind: 'count', name: 'clicks' }],
  sinks: [{ kind: 'hash', key: `${id}:{category}` }],
});

const open = () =>
  openPorts(id, [
    { name: topics.events, partitions: 2 },
    { name: topics.items, partitions: 3, compacted: true },
    { name: topics.rekeyed, partitions: 2 },
    { name: topics.changelog, partitions: 2, compacted: true },
    { name: `dead-${id}`, partitions: 1 },
  ]);

/** Items 0 to 499, of these categories in turn. */
const itemsOf = (...categories: readonly string[]) =>
  Array.from({ length: 500 }, (_, i) => ({
    key: `i${i}`,
    value: encodeJson({ category: categories[i % categories.length]! }),
  }));

test('events are joined with a table on Kafka by several workers, of which one dies while the table changes, and each counts once', async () => {
  const [ports, others] = [await open(), await open()];
  const producer = await ports.log.producer();
  const count = async (category: string): Promise<number> => {
    const batch = ports.keyValue.batch();
    const found = batch.hashGetAll(`${id}:${category}`);
    await batch.run();
    return Number(found.value()['clicks'] ?? 0);
  };
  const total = async (): Promise<number> => (await count('pets')) + (await count('news'));
  const click = (from: number, to: number) =>
    producer.send(
      topics.events,
      Array.from({ length: to - from }, (_, i) => from + i).map((n) => ({
        key: `k${n}`,
        value: encodeEvent({
          ...{ id: `e${n}`, type: 'click', at: n, ingested_at: n, source: 'test' },
          ...{ post_id: `i${n % 500}`, user_id: 'u', author_id: 'a' },
        }),
      })),
    );
  const end = (watermark: number) =>
    producer.send(
      topics.events,
      [0, 1].map((partition) => ({ partition, value: null, headers: { [watermarkHeader]: String(watermark) } })),
    );
  const stepUntil = async (workers: readonly Running[], isDone: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 90_000; !(await isDone()) && Date.now() < deadline; )
      for (const worker of workers) await worker.step({ maxWaitMs: 50 });
  };

  await producer.send(topics.items, itemsOf('pets', 'news'));
  await click(0, 2_000);
  await end(2_999);
  const [dies, stays] = [await startWindow(program, others), await startWindow(program, ports)];
  await stepUntil([dies, stays], async () => (await total()) === 2_000);
  expect([await count('pets'), await count('news')]).toEqual([1_000, 1_000]);
  await stays.save();
  await dies.save();

  // What is taken from here on is taken again when the worker is gone; all items are pets by then.
  await click(3_000, 4_000);
  await end(4_999);
  await stepUntil([dies, stays], async () => (await total()) === 3_000);
  await producer.send(topics.items, itemsOf('pets'));
  await dies.stop();
  await click(5_000, 6_000);
  await end(6_999);
  await stepUntil([stays], async () => (await total()) === 4_000);
  expect(await total()).toBe(4_000);
  await stays.save();

  await click(7_000, 8_000);
  await end(8_999);
  const news = await count('news');
  await stepUntil([stays], async () => (await total()) === 5_000);
  expect([await total(), await count('news')]).toEqual([5_000, news]);
  await stays.stop();
  await others.close();
  await ports.close();
});

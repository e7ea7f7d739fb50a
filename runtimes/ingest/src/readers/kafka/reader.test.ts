import type { KafkaReader } from '@groundswell/graph';
import { expect, test } from 'vitest';
import type { IngestRunning } from '../../ingest.ts';
import { createFollowing } from '../../test/following.ts';
import { deadLettersOf, eventsOf, handClock } from '../../test/support.ts';

const reader: KafkaReader = {
  kind: 'kafka',
  brokers: [],
  topic: 'shop.clicks',
  group: 'groundswell',
  startFrom: 'earliest',
  mapping: { type: "'click'", at: 'row.time', post_id: 'row.item', user_id: 'row.visitor', author_id: "''" },
  timeUnit: 's',
};
const start = Date.UTC(2026, 10, 21);
const clickOf = (n: number): string => JSON.stringify({ time: start / 1000 + n, item: `i${n % 5}`, visitor: `v${n}` });

const withTopic = async () => {
  const following = await createFollowing(handClock(start + 1_000_000));
  await following.ports.log.createTopics([{ name: reader.topic, partitions: 3 }]);
  const producer = await following.ports.log.producer();
  const send = (...values: readonly (string | null)[]) =>
    producer.send(
      reader.topic,
      values.map((value, i) => ({ key: String(i), value: value === null ? null : Buffer.from(value) })),
    );
  return { ...following, send };
};
const taken = (running: IngestRunning) => running.report().ledger?.in ?? 0;

test("another team's records are mapped; tombstones are ignored, and what is no event becomes a dead letter", async () => {
  const { send, start: open, stepUntil, ports } = await withTopic();
  await send(clickOf(1), '{"time":', '[]', '{"time":"noon","item":"i"}', null, clickOf(2));
  const running = await open(reader);
  await stepUntil(running, () => taken(running) === 5);
  const events = await eventsOf(ports);
  expect(events.map(({ type, post_id, at }) => [type, post_id, at]).sort()).toEqual([
    ['click', 'i1', start + 1000],
    ['click', 'i2', start + 2000],
  ]);
  expect(events[0]?.id).toMatch(/^shop\.clicks\/\d\/\d+$/);
  expect((await deadLettersOf(ports)).map(({ reason }) => reason.replace(/^.*?: /, '')).sort()).toEqual([
    'at is "noon", a time in s since the epoch is needed',
    'it is JSON but no object',
    'it is not JSON',
  ]);
  await running.save();
  expect(await ports.metrics.registry.getSingleMetricAsString('ingest_ignored_total')).toContain('"tombstone"} 1');
});

test('after a crash it goes on from what was saved, nothing lost or twice, and the group says how far it is', async () => {
  const { send, start: open, stepUntil, ports, ids } = await withTopic();
  await send(...Array.from({ length: 30 }, (_, n) => clickOf(n)));
  const killed = await open(reader);
  await stepUntil(killed, () => taken(killed) === 30);
  await killed.save();
  await send(...Array.from({ length: 20 }, (_, n) => clickOf(30 + n)));
  await stepUntil(killed, () => taken(killed) === 50);
  await killed.stop();
  const running = await open(reader);
  await stepUntil(running, () => taken(running) === 50);
  expect(new Set(await ids()).size).toBe(50);
  expect((await ids()).length).toBe(50);
  await running.save();
  expect((await ports.log.lag('groundswell', reader.topic)).map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
});

test('begins at the end where that is wanted', async () => {
  const { send, start: open, stepUntil } = await withTopic();
  await send(clickOf(1));
  const running = await open({ ...reader, startFrom: 'latest' });
  await running.step({ maxWaitMs: 0 });
  await send(clickOf(2), clickOf(3));
  await stepUntil(running, () => taken(running) === 2);
});

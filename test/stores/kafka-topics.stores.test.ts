import { randomBytes, randomUUID } from 'node:crypto';
import type { Consumer, Log, LogRecord } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendInTransactions, withAdmin } from './kafka-admin.ts';
import { addressesOf, logger } from './servers.ts';

let log: Log;
beforeAll(async () => {
  log = await createKafkaLog({ brokers: addressesOf('GROUNDSWELL_KAFKA'), clientId: 'test-topics', logger });
});
afterAll(() => log.close());

const freshName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const sendAll = async (topic: string, keys: readonly string[]): Promise<void> => {
  const producer = await log.producer();
  for (const [i, key] of keys.entries()) await producer.send(topic, [{ key, value: encoder.encode(String(i)) }]);
  await producer.close();
};
const readTo = async (consumer: Consumer, end: bigint): Promise<LogRecord[]> => {
  const records: LogRecord[] = [];
  while ((records.at(-1)?.offset ?? -1n) < end - 1n) {
    const batches = await consumer.poll({ maxRecords: 1000, maxWaitMs: 20_000 });
    if (batches.length === 0 && consumer.assignment().length > 0) throw new Error('Cannot read on: nothing came');
    records.push(...batches.flatMap((batch) => batch.records));
  }
  return records;
};
/** What retention does in time. */
const deleteBefore = (topic: string, offset: number): Promise<void> =>
  withAdmin(async (admin) => {
    // kafkajs deletes in topics only that it was asked about before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

test('a topic is made with the retention and the compaction that it asks for', async () => {
  const [plain, short, compact] = [freshName('plain'), freshName('short'), freshName('compact')];
  await log.createTopics([
    { name: plain, partitions: 2 },
    { name: short, partitions: 1, retentionMs: 3_600_000 },
    { name: compact, partitions: 1, compacted: true },
  ]);
  const configOf = (topic: string): Promise<Record<string, string>> =>
    withAdmin(async (admin) => {
      const { resources } = await admin.describeConfigs({
        resources: [{ type: 2, name: topic }],
        includeSynonyms: false,
      });
      return Object.fromEntries(
        resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
      );
    });
  expect(await configOf(plain)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1' });
  expect(await configOf(short)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '3600000' });
  expect(await configOf(compact)).toMatchObject({ 'cleanup.policy': 'compact', 'segment.ms': '600000' });
});

test('a group whose next records are gone reads on with what is left, and its lag counts from there', async () => {
  const [topic, group] = [freshName('topic'), freshName('group')];
  await log.createTopics([{ name: topic, partitions: 1 }]);
  await sendAll(topic, numbers(20));
  const before = await log.consumer({ group, topics: [topic], from: 'latest' });
  while (before.assignment().length === 0) await before.poll({ maxRecords: 1, maxWaitMs: 250 });
  await before.commit([{ topic, partition: 0, offset: 3n }]);
  await before.close();
  await deleteBefore(topic, 8);
  expect(await log.lag(group, topic)).toEqual([{ topic, partition: 0, committed: 3n, end: 20n, lag: 12n }]);
  const after = await log.consumer({ group, topics: [topic], from: 'latest' });
  expect((await readTo(after, 20n)).map(({ offset }) => Number(offset))).toEqual(
    Array.from({ length: 12 }, (_, i) => 8 + i),
  );
  await after.close();
});

test('a reader that retention overtakes goes on with what is left, and misses nothing of that', async () => {
  const topic = freshName('topic');
  await log.createTopics([{ name: topic, partitions: 1 }]);
  const producer = await log.producer();
  // Incompressible, so that a fetch brings some of them only.
  const records = Array.from({ length: 6000 }, () => ({ value: new Uint8Array(randomBytes(1000)) }));
  await producer.send(topic, records);
  await producer.close();
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  const first: LogRecord[] = [];
  while (first.length === 0) {
    first.push(...(await consumer.poll({ maxRecords: 1, maxWaitMs: 1000 })).flatMap((batch) => batch.records));
  }
  await deleteBefore(topic, 5500);
  const offsets = [...first, ...(await readTo(consumer, 6000n))].map(({ offset }) => Number(offset));
  await consumer.close();
  const left = offsets.findIndex((offset) => offset >= 5500);
  expect(offsets.slice(0, left)).toEqual(Array.from({ length: left }, (_, i) => i));
  expect(left).toBeLessThan(5000);
  expect(offsets.slice(left)).toEqual(Array.from({ length: 500 }, (_, i) => 5500 + i));
});

test('of the transactions of other programs the committed ones are read, also behind many that were aborted', async () => {
  const topic = freshName('topic');
  await log.createTopics([{ name: topic, partitions: 1 }]);
  await sendInTransactions(topic, [true, false, false]);
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  const texts: string[] = [];
  const readTexts = async (count: number): Promise<void> => {
    for (let i = 0; i < 50 && texts.length < count; i++) {
      const batches = await consumer.poll({ maxRecords: 10, maxWaitMs: 500 });
      texts.push(...batches.flatMap(({ records }) => records.map(({ value }) => decoder.decode(value ?? undefined))));
    }
  };
  await readTexts(1);
  await sendInTransactions(topic, [false, false]);
  await consumer.poll({ maxRecords: 10, maxWaitMs: 1000 });
  await sendInTransactions(topic, [false, true]);
  await readTexts(2);
  await sendAll(topic, ['plain']);
  await readTexts(3);
  expect(texts).toEqual(['committed', 'committed', '0']);
  await consumer.close();
});

test('a compacted topic is read to its end, over the gaps that compaction left, from anywhere', async () => {
  const topic = freshName('compact');
  const often = { 'cleanup.policy': 'compact', 'segment.ms': '50', 'min.cleanable.dirty.ratio': '0.001' };
  const configEntries = Object.entries(often).map(([name, value]) => ({ name, value }));
  await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] }));
  const keys = Array.from({ length: 300 }, (_, i) => `key-${i % 5}`);
  const read = async (from = 0n): Promise<number[]> => {
    const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
    while (consumer.assignment().length === 0) await consumer.poll({ maxRecords: 1, maxWaitMs: 250 });
    consumer.seek({ topic, partition: 0, offset: from });
    const [bounds] = await log.bounds(topic);
    const records = await readTo(consumer, bounds?.end ?? 0n);
    await consumer.close();
    return records.map(({ offset }) => Number(offset));
  };
  await sendAll(topic, keys);
  let offsets: number[] = [];
  // The segment that is written to is never compacted, so each round closes one.
  await expect
    .poll(
      async () => {
        await sendAll(topic, ['key-0']);
        offsets = await read();
        return offsets.length;
      },
      { timeout: 90_000, interval: 500 },
    )
    .toBeLessThan(100);
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  const isSettled = async (): Promise<boolean> => {
    const before = offsets;
    offsets = await read();
    return offsets.length === before.length;
  };
  await expect.poll(isSettled, { timeout: 30_000, interval: 1000 }).toBe(true);
  const gap = offsets.findIndex((offset, i) => (offsets[i + 1] ?? 0) > offset + 1);
  const inGap = (offsets[gap] ?? 0) + 1;
  expect(await read(BigInt(inGap))).toEqual(offsets.slice(gap + 1));
});

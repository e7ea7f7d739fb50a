import { expect, test } from 'vitest';
import type { Log, OutRecord } from '../log.ts';
import { partitionOf } from '../partitioner.ts';
import {
  briefly,
  bytes,
  consume,
  freshName,
  makeTopic,
  numbered,
  readAll,
  recordsOf,
  send,
  take,
  text,
  textsOf,
  untilAssigned,
  using,
} from './reading.ts';

/** What is sent comes back, where it should and in order. */
export const recordsContract = (log: () => Log): void => {
  test('a record comes back as it was sent, with the time at which the log took it', async () => {
    const topic = await makeTopic(log());
    const sent = { key: 'schlüssel 🌍', value: bytes('wörter'), headers: { a: '1', b: 'zwei' }, timestamp: 1_234_567 };
    await send(log(), topic, [sent]);
    const [record] = await using(consume(log(), topic), async (consumer) => recordsOf(await take(consumer, 1)));
    expect({ ...record, value: text(record?.value ?? null) }).toEqual({
      ...sent,
      offset: 0n,
      value: 'wörter',
      appendedAt: expect.any(Number),
    });
  });

  test('a tombstone, a missing key, missing headers and an empty value come back as such', async () => {
    const topic = await makeTopic(log());
    await send(log(), topic, [{ key: 'k', value: null }, { value: bytes('') }]);
    const records = await using(consume(log(), topic), async (consumer) => recordsOf(await take(consumer, 2)));
    expect(records.map(({ key, value, headers }) => ({ key, value: text(value), headers }))).toEqual([
      { key: 'k', value: null, headers: {} },
      { key: undefined, value: '', headers: {} },
    ]);
  });

  test('event times of the far past and future are kept', async () => {
    const topic = await makeTopic(log(), { retentionMs: 3_600_000 });
    const times = [0, 1_341_100_972_000, 32_503_680_000_000];
    await send(
      log(),
      topic,
      times.map((timestamp) => ({ value: bytes('x'), timestamp })),
    );
    const records = await using(consume(log(), topic), async (consumer) => recordsOf(await take(consumer, 3)));
    expect(records.map(({ timestamp }) => timestamp)).toEqual(times);
  });

  test('a key lives in the partition that partitionOf says', async () => {
    const topic = await makeTopic(log(), { partitions: 5 });
    await send(log(), topic, numbered(100));
    for (const [partition, records] of await readAll(log(), topic)) {
      for (const { key } of records) expect(partitionOf(key ?? '', 5)).toBe(partition);
    }
  });

  test('a given partition is obeyed, also against the key', async () => {
    const topic = await makeTopic(log(), { partitions: 3 });
    await send(
      log(),
      topic,
      [2, 0, 2, 1].map((partition, i) => ({ key: 'same', value: bytes(String(i)), partition })),
    );
    const parts = await readAll(log(), topic);
    expect([0, 1, 2].map((p) => parts.get(p)?.map(({ value }) => text(value)))).toEqual([['1'], ['3'], ['0', '2']]);
  });

  test('records without a key go to all partitions', async () => {
    const topic = await makeTopic(log(), { partitions: 3 });
    const unkeyed: OutRecord[] = Array.from({ length: 60 }, () => ({ value: bytes('x') }));
    await send(log(), topic, unkeyed);
    const bounds = await log().bounds(topic);
    expect(bounds.map(({ end }) => end)).toEqual([20n, 20n, 20n]);
  });

  test('sends that nobody waited for keep their order', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    const producer = await log().producer();
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => producer.send(topic, [{ partition: i % 2, value: bytes(String(i)) }])),
    );
    await producer.close();
    const parts = await readAll(log(), topic);
    for (const [partition, records] of parts) {
      expect(records.map(({ value }) => Number(text(value)))).toEqual(
        Array.from({ length: 100 }, (_, i) => 2 * i + partition),
      );
    }
  });

  test('a send of many megabytes arrives whole', async () => {
    const topic = await makeTopic(log());
    const padding = 'x'.repeat(1000);
    await send(
      log(),
      topic,
      numbered(5000).map((record, i) => ({ ...record, value: bytes(`${i} ${padding}`) })),
    );
    const [records = []] = (await readAll(log(), topic)).values();
    expect(records.map(({ value }) => text(value)?.split(' ')[0])).toEqual(numbered(5000).map((_, i) => String(i)));
  });

  test('creating a topic that exists leaves it as it is', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    await send(log(), topic, numbered(10));
    const before = await log().bounds(topic);
    const other = freshName('topic');
    await log().createTopics([
      { name: topic, partitions: 7 },
      { name: other, partitions: 1 },
    ]);
    expect(await log().bounds(topic)).toEqual(before);
    expect(await log().bounds(other)).toEqual([{ topic: other, partition: 0, start: 0n, end: 0n }]);
  });

  test('a topic that does not exist is refused by name', async () => {
    const topic = freshName('nowhere');
    const message = `Cannot use topic "${topic}": it does not exist, create it first`;
    await expect(send(log(), topic, numbered(1))).rejects.toThrow(message);
    await expect(consume(log(), topic)).rejects.toThrow(message);
    await expect(log().bounds(topic)).rejects.toThrow(message);
    await expect(log().lag('group', topic)).rejects.toThrow(message);
  });

  test('a partition that does not exist is refused, and nothing of that send arrives', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    const records = [
      { value: bytes('a'), partition: 0 },
      { value: bytes('b'), partition: 2 },
    ];
    await expect(send(log(), topic, records)).rejects.toThrow(
      `Cannot send to partition 2 of "${topic}": it has partitions 0 to 1`,
    );
    expect((await log().bounds(topic)).map(({ end }) => end)).toEqual([0n, 0n]);
  });

  test('a compacted topic takes no record without a key', async () => {
    const topic = await makeTopic(log(), { compacted: true });
    await expect(send(log(), topic, [{ value: bytes('a') }])).rejects.toThrow(
      `Cannot send to topic "${topic}": it is compacted, and every record needs a key`,
    );
    await send(log(), topic, [{ key: 'k', value: bytes('a') }]);
  });

  test('a poll takes no more than it was asked for, and the next one goes on', async () => {
    const topic = await makeTopic(log());
    await send(log(), topic, numbered(25));
    await using(consume(log(), topic), async (consumer) => {
      const sizes: number[] = [];
      while (sizes.reduce((a, b) => a + b, 0) < 25) {
        const polled = recordsOf(await consumer.poll({ maxRecords: 10, maxWaitMs: 250 }));
        if (polled.length > 0) sizes.push(polled.length);
      }
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(25);
    });
  });

  test('a poll that waits is woken by a record', async () => {
    const topic = await makeTopic(log());
    await using(consume(log(), topic), async (consumer) => {
      await untilAssigned(consumer, 1);
      const polled = consumer.poll({ maxRecords: 10, maxWaitMs: 20_000 });
      await send(log(), topic, numbered(1));
      expect(textsOf(await polled)).toEqual(['0']);
    });
  });

  test('a poll with nothing to read is empty', async () => {
    const topic = await makeTopic(log());
    await using(consume(log(), topic), async (consumer) => {
      expect(await consumer.poll({ maxRecords: 10, maxWaitMs: 0 })).toEqual([]);
      await untilAssigned(consumer, 1);
      expect(await consumer.poll({ maxRecords: 10, maxWaitMs: 20 })).toEqual([]);
    });
  });

  test('one consumer reads several topics', async () => {
    const [a, b] = [await makeTopic(log()), await makeTopic(log(), { partitions: 2 })];
    await send(log(), a, numbered(3));
    await send(log(), b, numbered(4));
    await using(log().consumer({ topics: [a, b], from: 'earliest' }), async (consumer) => {
      const batches = await take(consumer, 7);
      const countOf = (topic: string): number => recordsOf(batches.filter((batch) => batch.topic === topic)).length;
      expect([countOf(a), countOf(b)]).toEqual([3, 4]);
      expect(consumer.assignment()).toHaveLength(3);
    });
  });

  test('a closed consumer cannot be polled', async () => {
    const topic = await makeTopic(log());
    const consumer = await consume(log(), topic);
    await consumer.close();
    await expect(consumer.poll(briefly)).rejects.toThrow('Cannot poll: the consumer is closed');
  });
};

import { expect, test } from 'vitest';
import type { Batch, Consumer, Log, TopicPartition } from '../log.ts';
import {
  briefly,
  consume,
  freshName,
  makeTopic,
  numbered,
  recordsOf,
  send,
  take,
  textsOf,
  untilAssigned,
  using,
} from './reading.ts';

const partitionsOf = (parts: readonly TopicPartition[]): number[] => parts.map(({ partition }) => partition).sort();

const nextOf = ({ topic, partition, records }: Batch) => ({
  topic,
  partition,
  offset: (records.at(-1)?.offset ?? -1n) + 1n,
});

/** Polls all in turn, as programs of one process do, and commits what each has read. */
const pollAll = async (consumers: readonly Consumer[]): Promise<Batch[]> => {
  const all: Batch[] = [];
  for (const consumer of consumers) {
    const batches = await consumer.poll({ maxRecords: 50, maxWaitMs: 50 });
    await consumer.commit(batches.map(nextOf));
    all.push(...batches);
  }
  return all;
};

const pollUntilShared = async (consumers: readonly Consumer[], each: number): Promise<Batch[]> => {
  const all: Batch[] = [];
  for (let i = 0; i < 400; i++) {
    all.push(...(await pollAll(consumers)));
    if (consumers.every((consumer) => consumer.assignment().length === each)) return all;
  }
  throw new Error(
    `Cannot share: ${consumers.map((c) => c.assignment().length).join(' and ')} partitions after 400 polls`,
  );
};

/** Members of a group share the partitions, and lose nothing when they come and go. */
export const groupsContract = (log: () => Log): void => {
  test('assigned partitions are told before their first record', async () => {
    const topic = await makeTopic(log(), { partitions: 3 });
    await send(log(), topic, numbered(10));
    const told: number[] = [];
    await using(
      consume(log(), topic, {
        group: freshName('group'),
        onAssigned: (parts) => void told.push(...partitionsOf(parts)),
      }),
      async (consumer) => {
        expect(told).toEqual([]);
        await take(consumer, 1);
        expect(told).toEqual([0, 1, 2]);
        expect(partitionsOf(consumer.assignment())).toEqual([0, 1, 2]);
      },
    );
  });

  test('two members share the partitions and are told what came and went', async () => {
    const topic = await makeTopic(log(), { partitions: 4 });
    const group = freshName('group');
    const revoked: number[] = [];
    const one = await consume(log(), topic, { group, onRevoked: (parts) => void revoked.push(...partitionsOf(parts)) });
    await untilAssigned(one, 4);
    const other = await consume(log(), topic, { group });
    await pollUntilShared([one, other], 2);
    expect(revoked).toHaveLength(2);
    expect(partitionsOf([...one.assignment(), ...other.assignment()])).toEqual([0, 1, 2, 3]);
    expect(partitionsOf(other.assignment())).toEqual(revoked.sort());
    await one.close();
    await untilAssigned(other, 4);
    await other.close();
  });

  test('every record is read while members come and go, and in order of its partition', async () => {
    const topic = await makeTopic(log(), { partitions: 4 });
    const group = freshName('group');
    const seen: Batch[] = [];
    await send(log(), topic, numbered(400));
    const one = await consume(log(), topic, { group });
    seen.push(...(await pollUntilShared([one], 4)), ...(await pollAll([one])));
    const other = await consume(log(), topic, { group });
    await send(log(), topic, numbered(400, 400));
    seen.push(...(await pollUntilShared([one, other], 2)), ...(await pollAll([one, other])));
    await one.close();
    await send(log(), topic, numbered(400, 800));
    while (new Set(textsOf(seen)).size < 1200) {
      const batches = await other.poll(briefly);
      await other.commit(batches.map(nextOf));
      seen.push(...batches);
    }
    await other.close();
    expect((await log().lag(group, topic)).map(({ lag }) => lag)).toEqual([0n, 0n, 0n, 0n]);
    for (const { records } of seen) {
      const offsets = records.map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, i) => (offsets[0] ?? 0n) + BigInt(i)));
    }
  });

  test('who keeps a partition over a change of members goes on where it was', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    const group = freshName('group');
    await send(
      log(),
      topic,
      numbered(20).map((record, i) => ({ ...record, partition: i % 2 })),
    );
    const one = await consume(log(), topic, { group });
    await take(one, 20);
    const other = await consume(log(), topic, { group });
    const again: Batch[] = [];
    for (let i = 0; i < 400 && textsOf(again).length < 10; i++) {
      expect(textsOf(await one.poll(briefly))).toEqual([]);
      again.push(...(await other.poll({ maxRecords: 1000, maxWaitMs: 0 })));
    }
    expect(one.assignment()).toHaveLength(1);
    expect(new Set(again.map(({ partition }) => partition)).size).toBe(1);
    expect(textsOf(again)).toHaveLength(10);
    await one.close();
    await other.close();
  });

  test('a commit for a partition that went to another member changes nothing', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    const group = freshName('group');
    await send(
      log(),
      topic,
      numbered(20).map((record, i) => ({ ...record, partition: i % 2 })),
    );
    const one = await consume(log(), topic, { group });
    await take(one, 20);
    const other = await consume(log(), topic, { group });
    await pollUntilShared([one, other], 1);
    const [theirs] = other.assignment();
    await other.commit([{ topic, partition: theirs?.partition ?? 0, offset: 7n }]);
    await one.commit([0, 1].map((partition) => ({ topic, partition, offset: 2n })));
    const committed = (await log().lag(group, topic)).map((part) => part.committed);
    expect(committed[theirs?.partition ?? 0]).toBe(7n);
    expect(committed[1 - (theirs?.partition ?? 0)]).toBe(2n);
    await one.close();
    await other.close();
  });

  test('a member more than partitions waits until one is free', async () => {
    const topic = await makeTopic(log(), { partitions: 1 });
    const group = freshName('group');
    const one = await consume(log(), topic, { group });
    await untilAssigned(one, 1);
    const other = await consume(log(), topic, { group });
    await other.poll(briefly);
    await one.close();
    await untilAssigned(other, 1);
    await send(log(), topic, numbered(2));
    expect(recordsOf(await take(other, 2))).toHaveLength(2);
    await other.close();
  });
};

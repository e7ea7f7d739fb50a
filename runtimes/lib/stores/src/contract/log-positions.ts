import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Log } from '../log.ts';
import {
  consume,
  freshName,
  makeTopic,
  numbered,
  pollUntil,
  readAll,
  recordsOf,
  send,
  take,
  textsOf,
  untilAssigned,
  using,
} from './reading.ts';

const textRange = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));

/** Where a consumer begins, goes on and jumps to. */
export const positionsContract = (log: () => Log): void => {
  test('from latest begins with what comes after the assignment', async () => {
    const topic = await makeTopic(log());
    await send(log(), topic, numbered(5));
    await using(consume(log(), topic, { from: 'latest' }), async (consumer) => {
      await untilAssigned(consumer, 1);
      await send(log(), topic, numbered(3, 5));
      expect(textsOf(await take(consumer, 3))).toEqual(textRange(5, 8));
    });
  });

  test.each(['earliest', 'latest'] as const)('a group goes on where it committed, also with from %s', async (from) => {
    const topic = await makeTopic(log());
    const group = freshName('group');
    await send(log(), topic, numbered(10));
    await using(consume(log(), topic, { group }), async (consumer) => {
      await take(consumer, 10);
      await consumer.commit([{ topic, partition: 0, offset: 4n }]);
    });
    await using(consume(log(), topic, { group, from }), async (consumer) => {
      expect(textsOf(await take(consumer, 6))).toEqual(textRange(4, 10));
    });
  });

  test('what was not committed comes again', async () => {
    const topic = await makeTopic(log());
    const group = freshName('group');
    await send(log(), topic, numbered(10));
    await using(consume(log(), topic, { group }), (consumer) => take(consumer, 10));
    await using(consume(log(), topic, { group }), async (consumer) => {
      expect(textsOf(await take(consumer, 10))).toEqual(textRange(0, 10));
    });
  });

  test('groups do not share their offsets', async () => {
    const topic = await makeTopic(log());
    const [one, other] = [freshName('group'), freshName('group')];
    await send(log(), topic, numbered(4));
    await using(consume(log(), topic, { group: one }), async (consumer) => {
      await take(consumer, 4);
      await consumer.commit([{ topic, partition: 0, offset: 4n }]);
    });
    expect((await log().lag(other, topic))[0]?.committed).toBeUndefined();
    await using(consume(log(), topic, { group: other }), async (consumer) => {
      expect(textsOf(await take(consumer, 4))).toEqual(textRange(0, 4));
    });
  });

  test('consumers without a group each read everything and cannot commit', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    await send(log(), topic, numbered(20));
    await using(consume(log(), topic), (one) =>
      using(consume(log(), topic), async (other) => {
        expect(recordsOf(await take(one, 20))).toHaveLength(20);
        expect(recordsOf(await take(other, 20))).toHaveLength(20);
        await expect(one.commit([{ topic, partition: 0, offset: 1n }])).rejects.toThrow(
          'Cannot commit offsets: the consumer has no group',
        );
      }),
    );
  });

  test('lag counts from the commit to the end, and from the start where nothing was committed', async () => {
    const topic = await makeTopic(log(), { partitions: 2 });
    const group = freshName('group');
    await send(
      log(),
      topic,
      numbered(10).map((record, i) => ({ ...record, partition: i < 7 ? 0 : 1 })),
    );
    await using(consume(log(), topic, { group }), async (consumer) => {
      await take(consumer, 10);
      await consumer.commit([{ topic, partition: 0, offset: 5n }]);
    });
    expect(await log().lag(group, topic)).toEqual([
      { topic, partition: 0, committed: 5n, end: 7n, lag: 2n },
      { topic, partition: 1, committed: undefined, end: 3n, lag: 3n },
    ]);
  });

  test('the newest commit stands, also when it is an earlier offset', async () => {
    const topic = await makeTopic(log());
    const group = freshName('group');
    await send(log(), topic, numbered(9));
    await using(consume(log(), topic, { group }), async (consumer) => {
      await take(consumer, 9);
      await consumer.commit([{ topic, partition: 0, offset: 8n }]);
      await consumer.commit([{ topic, partition: 0, offset: 3n }]);
    });
    expect((await log().lag(group, topic))[0]?.committed).toBe(3n);
  });

  describe('seek', () => {
    test('decides what is read next, wherever it goes and whatever was on its way', async () => {
      const topic = await makeTopic(log());
      await send(log(), topic, numbered(300));
      await using(consume(log(), topic), async (consumer) => {
        await take(consumer, 1);
        await fc.assert(
          fc.asyncProperty(fc.nat(299), fc.integer({ min: 1, max: 100 }), fc.nat(2), async (to, maxRecords, polls) => {
            consumer.seek({ topic, partition: 0, offset: BigInt(to) });
            for (let i = 0; i < polls; i++) await consumer.poll({ maxRecords, maxWaitMs: 0 });
            consumer.seek({ topic, partition: 0, offset: BigInt(to) });
            const [first] = recordsOf(await take(consumer, 1));
            expect(first?.offset).toBe(BigInt(to));
          }),
          { numRuns: 20 },
        );
        consumer.seek({ topic, partition: 0, offset: 0n });
        expect(textsOf(await take(consumer, 300))).toEqual(textRange(0, 300));
      });
    });

    test('leaves the other partitions alone', async () => {
      const topic = await makeTopic(log(), { partitions: 2 });
      await send(
        log(),
        topic,
        numbered(20).map((record, i) => ({ ...record, partition: i % 2 })),
      );
      await using(consume(log(), topic), async (consumer) => {
        await take(consumer, 20);
        consumer.seek({ topic, partition: 1, offset: 8n });
        const again = await take(consumer, 2);
        expect(again.map(({ partition }) => partition)).toEqual([1]);
        expect(textsOf(again)).toEqual(['17', '19']);
      });
    });

    test('is possible from onAssigned, before the first record', async () => {
      const topic = await makeTopic(log(), { partitions: 2 });
      await send(
        log(),
        topic,
        numbered(20).map((record, i) => ({ ...record, partition: i % 2 })),
      );
      const consumer = await consume(log(), topic, {
        onAssigned: (partitions) => {
          for (const { partition } of partitions) consumer.seek({ topic, partition, offset: 9n });
        },
      });
      await using(Promise.resolve(consumer), async () => {
        expect(textsOf(await take(consumer, 2)).sort()).toEqual(['18', '19']);
      });
    });

    test('goes to the nearest offset that the log has', async () => {
      const topic = await makeTopic(log());
      await send(log(), topic, numbered(5));
      await using(consume(log(), topic), async (consumer) => {
        await take(consumer, 5);
        consumer.seek({ topic, partition: 0, offset: 1000n });
        expect(await consumer.poll({ maxRecords: 10, maxWaitMs: 0 })).toEqual([]);
        await pollUntil(consumer, () => true);
        await send(log(), topic, numbered(1, 5));
        expect(textsOf(await take(consumer, 1))).toEqual(['5']);
      });
    });

    test('is refused for a partition of somebody else', async () => {
      const topic = await makeTopic(log());
      await using(consume(log(), topic), async (consumer) => {
        await untilAssigned(consumer, 1);
        expect(() => consumer.seek({ topic, partition: 1, offset: 0n })).toThrow(
          `Cannot seek in partition 1 of "${topic}": it is not assigned to this consumer`,
        );
      });
    });
  });

  test('reading everything gives each record once, in order of offsets', async () => {
    const topic = await makeTopic(log(), { partitions: 4 });
    for (let i = 0; i < 5; i++) await send(log(), topic, numbered(400, 400 * i));
    const parts = await readAll(log(), topic);
    for (const records of parts.values()) {
      expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => BigInt(i)));
    }
    expect([...parts.values()].flat()).toHaveLength(2000);
  });
};

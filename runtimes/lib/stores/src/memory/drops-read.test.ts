import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consume, makeTopic, numbered, recordsOf, send, textsOf } from '../contract/reading.ts';
import { createMemoryLog } from './memory-log.ts';

const all = { maxRecords: 1_000_000, maxWaitMs: 0 };
const startOf = async (log: ReturnType<typeof createMemoryLog>, topic: string) => (await log.bounds(topic))[0]?.start;

describe('a log that drops what was read', () => {
  test('gives every reader every record, however far apart they are, and holds what the last has not read', async () => {
    const readers = 3;
    const act = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 1500 }) }),
      fc.record({
        kind: fc.constant('read' as const),
        by: fc.nat(readers - 1),
        count: fc.integer({ min: 1, max: 2000 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        const log = createMemoryLog({ dropsRead: true });
        const topic = await makeTopic(log, { retentionMs: 3_600_000 });
        const consumers = await Promise.all(
          Array.from({ length: readers }, (_, i) => consume(log, topic, i === 0 ? {} : { group: `g${i}` })),
        );
        const read: string[][] = consumers.map(() => []);
        let sent = 0;
        for (const each of acts)
          if (each.kind === 'send') {
            await send(log, topic, numbered(each.count, sent));
            sent += each.count;
          } else {
            const batches = await consumers[each.by]?.poll({ maxRecords: each.count, maxWaitMs: 0 });
            for (const record of textsOf(batches ?? [])) read[each.by]?.push(record ?? '');
          }
        const least = Math.min(...read.map(({ length }) => length));
        expect(await startOf(log, topic)).toBe(BigInt(least));
        for (const [i, consumer] of consumers.entries())
          read[i]?.push(...textsOf(await consumer.poll(all)).map((record) => record ?? ''));
        const expected = Array.from({ length: sent }, (_, i) => String(i));
        for (const texts of read) expect(texts).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('waits for a consumer that has not looked yet, and no longer for one that is closed', async () => {
    const log = createMemoryLog({ dropsRead: true });
    const topic = await makeTopic(log);
    const [first, second] = [await consume(log, topic), await consume(log, topic)];
    await send(log, topic, numbered(10));
    await first.poll(all);
    expect(await startOf(log, topic)).toBe(0n);
    await second.close();
    expect(await startOf(log, topic)).toBe(10n);
  });

  test('keeps what has no reader, and what the readers of other topics have read', async () => {
    const log = createMemoryLog({ dropsRead: true });
    const [topic, other] = [await makeTopic(log), await makeTopic(log)];
    await send(log, topic, numbered(10));
    await (await consume(log, other)).poll(all);
    expect(await startOf(log, topic)).toBe(0n);
    expect(recordsOf(await (await consume(log, topic)).poll(all))).toHaveLength(10);
  });

  test('shares a partition out to one member of a group: the others do not hold it', async () => {
    const log = createMemoryLog({ dropsRead: true });
    const topic = await makeTopic(log, { partitions: 2 });
    const members = [await consume(log, topic, { group: 'g' }), await consume(log, topic, { group: 'g' })];
    for (const member of members) await member.poll(all);
    await send(
      log,
      topic,
      [0, 1].flatMap((partition) => numbered(5).map((record) => ({ ...record, partition }))),
    );
    await members[0]?.poll(all);
    expect((await log.bounds(topic)).map(({ start }) => start)).toEqual([5n, 0n]);
    await members[1]?.poll(all);
    expect((await log.bounds(topic)).map(({ start }) => start)).toEqual([5n, 5n]);
  });

  test('a compacted topic keeps the newest of each key all the same', async () => {
    const log = createMemoryLog({ dropsRead: true });
    const topic = await makeTopic(log, { compacted: true });
    const consumer = await consume(log, topic);
    await send(log, topic, numbered(10));
    await consumer.poll(all);
    expect(await startOf(log, topic)).toBe(0n);
  });

  test('what was dropped is told, so that it is dropped after a restart too', async () => {
    const changes: Parameters<ReturnType<typeof createMemoryLog>['restore']>[0][] = [];
    const log = createMemoryLog({ dropsRead: true, onChange: (change) => changes.push(change) });
    const topic = await makeTopic(log);
    const consumer = await consume(log, topic);
    await send(log, topic, numbered(10));
    await consumer.poll({ maxRecords: 7, maxWaitMs: 0 });
    const restored = createMemoryLog();
    for (const change of changes) restored.restore(change);
    expect(await restored.bounds(topic)).toEqual(await log.bounds(topic));
    expect(textsOf(await (await consume(restored, topic)).poll(all))).toEqual(['7', '8', '9']);
  });
});

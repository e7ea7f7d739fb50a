import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, consume, makeTopic, numbered, readAll, recordsOf, send, text, textsOf } from '../contract/reading.ts';
import type { Batch, Consumer } from '../log.ts';
import { createMemoryLog } from './memory-log.ts';

const at = (start = 0) => {
  const time = { now: start };
  return { time, log: createMemoryLog({ clock: { now: () => time.now } }) };
};

test('consumers are handed the very bytes that were sent', async () => {
  const { log } = at();
  const topic = await makeTopic(log);
  const value = bytes('the same');
  await send(log, topic, [{ value }]);
  for (let i = 0; i < 2; i++) {
    const consumer = await consume(log, topic);
    const [record] = recordsOf(await consumer.poll({ maxRecords: 1, maxWaitMs: 0 }));
    expect(record?.value).toBe(value);
  }
});

test('what a record carries besides its bytes is handed on, and the bytes are asked for by whoever wants them', async () => {
  let asked = 0;
  const content = { id: 'e1' };
  const { log } = at();
  const topic = await makeTopic(log);
  const sent = {
    content,
    get value() {
      asked++;
      return bytes('e1');
    },
  };
  await send(log, topic, [sent]);
  const [record] = [...(await readAll(log, topic)).values()].flat();
  expect(record?.content).toBe(content);
  expect(asked).toBe(0);
  expect(text(record?.value ?? null)).toBe('e1');
});

test('a record without a time has that of the clock', async () => {
  const { log, time } = at(77);
  const topic = await makeTopic(log);
  await send(log, topic, numbered(1));
  time.now = 78;
  await send(log, topic, numbered(1));
  const [records] = (await readAll(log, topic)).values();
  expect(records?.map(({ timestamp }) => timestamp)).toEqual([77, 78]);
});

test('a partition that is always full does not hold back the others', async () => {
  const { log } = at();
  const topic = await makeTopic(log, { partitions: 2 });
  const full = numbered(100).map((record) => ({ ...record, partition: 0 }));
  await send(log, topic, [...full, { value: bytes('other'), partition: 1 }]);
  const consumer = await consume(log, topic);
  const polls = [
    await consumer.poll({ maxRecords: 5, maxWaitMs: 0 }),
    await consumer.poll({ maxRecords: 5, maxWaitMs: 0 }),
  ];
  expect(polls.flatMap(textsOf)).toContain('other');
});

describe('retention', () => {
  test('drops what arrived too long ago, whatever its event time, and keeps the rest', async () => {
    const { log, time } = at();
    const topic = await makeTopic(log, { retentionMs: 1600 });
    for (let i = 0; i < 100; i++) {
      time.now = i * 100;
      await send(log, topic, [{ value: bytes(String(time.now)), timestamp: i % 2 === 0 ? 0 : 1e15 }]);
    }
    const [records = []] = (await readAll(log, topic)).values();
    const [oldest, newest] = [records.at(0), records.at(-1)].map((record) => Number(text(record?.value ?? null)));
    // Records overstay by a sixteenth of the retention at most, twice: until their segment ends, and until the next look.
    expect(oldest).toBeGreaterThanOrEqual(9900 - 1600 - 200);
    expect(oldest).toBeLessThanOrEqual(9900 - 1600);
    expect(newest).toBe(9900);
  });

  test('moves a reader that is too slow, and counts its lag from what is left', async () => {
    const { log, time } = at();
    const topic = await makeTopic(log, { retentionMs: 1000 });
    await send(log, topic, numbered(10));
    const consumer = await consume(log, topic, { group: 'slow' });
    await consumer.poll({ maxRecords: 2, maxWaitMs: 0 });
    await consumer.commit([{ topic, partition: 0, offset: 2n }]);
    time.now = 5000;
    await send(log, topic, numbered(3, 10));
    await send(log, topic, numbered(1, 13));
    const [lag] = await log.lag('slow', topic);
    expect(lag).toEqual({ topic, partition: 0, committed: 2n, end: 14n, lag: 4n });
    expect(textsOf(await consumer.poll({ maxRecords: 10, maxWaitMs: 0 }))).toEqual(['10', '11', '12', '13']);
  });

  test('without end keeps everything, also what all groups have read', async () => {
    const { log, time } = at();
    const topic = await makeTopic(log);
    await send(log, topic, numbered(3000));
    const consumer = await consume(log, topic, { group: 'g' });
    await consumer.poll({ maxRecords: 3000, maxWaitMs: 0 });
    await consumer.commit([{ topic, partition: 0, offset: 3000n }]);
    time.now = 1e12;
    await send(log, topic, numbered(1));
    expect((await log.bounds(topic))[0]?.start).toBe(0n);
  });
});

describe('a compacted topic', () => {
  test('keeps the newest record of each key, at its offset, and does not grow', async () => {
    const { log } = at();
    const topic = await makeTopic(log, { compacted: true });
    for (let i = 0; i < 5000; i++) await send(log, topic, [{ key: `key-${i % 7}`, value: bytes(String(i)) }]);
    const [records = []] = (await readAll(log, topic)).values();
    expect(records.length).toBeLessThan(1100);
    const newest = new Map(records.map((record) => [record.key, record]));
    expect([...newest.values()].map(({ offset, value }) => [offset, text(value)]).sort()).toEqual(
      Array.from({ length: 7 }, (_, i) => [BigInt(4993 + i), String(4993 + i)]),
    );
  });

  test('is read on from any offset while it is compacted', async () => {
    const { log } = at();
    const topic = await makeTopic(log, { compacted: true });
    const consumer = await consume(log, topic);
    let last = -1n;
    for (let i = 0; i < 6000; i++) {
      await send(log, topic, [{ key: `key-${i % 3}`, value: bytes('x') }]);
      if (i % 1700 !== 0) continue;
      const records = recordsOf(await consumer.poll({ maxRecords: 100_000, maxWaitMs: 0 }));
      expect(records[0]?.offset).toBeGreaterThan(last);
      last = records.at(-1)?.offset ?? last;
      expect(last).toBe(BigInt(i));
    }
  });

  test('forgets a deleted key after a day', async () => {
    const { log, time } = at();
    const topic = await makeTopic(log, { compacted: true });
    await send(log, topic, [{ key: 'gone', value: bytes('x') }]);
    await send(log, topic, [{ key: 'gone', value: null }]);
    const tombstones = async (): Promise<number> => {
      for (let i = 0; i < 2500; i++) await send(log, topic, [{ key: 'other', value: bytes('x') }]);
      const [records = []] = (await readAll(log, topic)).values();
      return records.filter(({ key }) => key === 'gone').length;
    };
    expect(await tombstones()).toBe(1);
    time.now = 25 * 3_600_000;
    expect(await tombstones()).toBe(0);
  });
});

type Move = 'join' | 'leave' | 'poll' | 'commit' | 'send';

interface Seat {
  readonly consumer: Consumer;
  /** Next offset that it would commit, by partition. */
  readonly positions: Map<number, bigint>;
}

/** A group of members that come, go, read and commit as they like, on four partitions. */
const playGroup = async (moves: readonly (readonly [Move, number])[]) => {
  const { log } = at();
  const topic = await makeTopic(log, { partitions: 4 });
  const seats: Seat[] = [];
  const read = new Map<number, bigint[]>();
  let sent = 0;
  const poll = async ({ consumer, positions }: Seat): Promise<void> => {
    for (const { partition, records } of await consumer.poll({ maxRecords: 3, maxWaitMs: 0 })) note(partition, records);
    function note(partition: number, records: Batch['records']): void {
      read.set(partition, [...(read.get(partition) ?? []), ...records.map(({ offset }) => offset)]);
      positions.set(partition, (records.at(-1)?.offset ?? -1n) + 1n);
    }
  };
  const commit = ({ consumer, positions }: Seat): Promise<void> =>
    consumer.commit([...positions].map(([partition, offset]) => ({ topic, partition, offset })));
  const join = async (): Promise<void> => {
    const positions = new Map<number, bigint>();
    const onRevoked = (parts: readonly { partition: number }[]): void => {
      for (const { partition } of parts) positions.delete(partition);
    };
    seats.push({ consumer: await consume(log, topic, { group: 'g', onRevoked }), positions });
  };
  await join();
  for (const [move, who] of moves) {
    const seat = seats[who % seats.length];
    if (move === 'join' && seats.length < 6) await join();
    if (move === 'send') {
      await send(log, topic, numbered(5, sent));
      sent += 5;
    }
    if (seat === undefined) continue;
    if (move === 'poll') await poll(seat);
    if (move === 'commit') await commit(seat);
    if (move === 'leave' && seats.length > 1) await seats.splice(seats.indexOf(seat), 1)[0]?.consumer.close();
    const owned = seats.flatMap(({ consumer }) => consumer.assignment().map(({ partition }) => partition));
    expect(new Set(owned).size, 'no partition has two owners').toBe(owned.length);
  }
  for (let i = 0; i < 40 + sent; i++) for (const seat of seats) await poll(seat);
  return { read, bounds: await log.bounds(topic), owned: seats.flatMap(({ consumer }) => consumer.assignment()) };
};

test('whoever comes and goes, every partition has one owner in the end, and every record is read, in order but for repeats', async () => {
  const move = fc.constantFrom<Move>('join', 'leave', 'poll', 'poll', 'poll', 'commit', 'send', 'send');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(move, fc.nat(5)), { maxLength: 60, size: 'max' }), async (moves) => {
      const { read, bounds, owned } = await playGroup(moves);
      expect(owned).toHaveLength(4);
      for (const { partition, end } of bounds) {
        const offsets = read.get(partition) ?? [];
        expect(new Set(offsets).size).toBe(Number(end));
        let highest = -1;
        for (const offset of offsets.map(Number)) {
          // The next one, or one that was read before.
          expect(offset).toBeLessThanOrEqual(highest + 1);
          highest = Math.max(highest, offset);
        }
      }
    }),
    { numRuns: 60 },
  );
});

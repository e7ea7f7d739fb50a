import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInbox, type Fetched, type Inbox } from './inbox.ts';

const part = { topic: 't', partition: 0 };

const fetched = (from: number, count: number, partition = 0): Fetched => ({
  topic: 't',
  partition,
  from: BigInt(from),
  next: BigInt(from + count),
  records: Array.from({ length: count }, (_, i) => ({
    offset: BigInt(from + i),
    key: undefined,
    value: null,
    headers: {},
    timestamp: 0,
  })),
});
const placed = (offset: number): Inbox => {
  const inbox = createInbox();
  inbox.add(part);
  inbox.place(part, BigInt(offset));
  return inbox;
};
const offsets = (inbox: Inbox, maxRecords = 1000): number[] =>
  inbox.take(maxRecords).flatMap(({ records }) => records.map(({ offset }) => Number(offset)));

describe('a fetch gets in', () => {
  test('when it asked for what comes next', () => {
    const inbox = placed(5);
    expect(inbox.offer(fetched(5, 3))).toBe(true);
    expect(inbox.offer(fetched(8, 2))).toBe(true);
    expect(offsets(inbox)).toEqual([5, 6, 7, 8, 9]);
    expect(inbox.expected(part)).toBe(10n);
  });

  test.each([
    { why: 'it asked for something earlier', from: 4 },
    { why: 'it asked for something later', from: 6 },
  ])('not when $why', ({ from }) => {
    const inbox = placed(5);
    expect(inbox.offer(fetched(from, 3))).toBe(false);
    expect(inbox.size()).toBe(0);
  });

  test('not when it asked before a seek, even for a later offset', () => {
    const inbox = placed(5);
    inbox.offer(fetched(5, 3));
    inbox.unplace(part);
    expect(inbox.offer(fetched(8, 3))).toBe(false);
    inbox.place(part, 2n);
    expect(inbox.offer(fetched(8, 3))).toBe(false);
    expect(inbox.offer(fetched(2, 1))).toBe(true);
    expect(offsets(inbox)).toEqual([2]);
  });

  test('not when the partition is not held, or is held and not placed', () => {
    const inbox = createInbox();
    expect(inbox.offer(fetched(0, 1))).toBe(false);
    inbox.add(part);
    expect(inbox.offer(fetched(0, 1))).toBe(false);
  });
});

test('what compaction left empty is skipped, but not from another offset', () => {
  const inbox = placed(5);
  inbox.skip(part, 7n, 9n);
  expect(inbox.expected(part)).toBe(5n);
  inbox.skip(part, 5n, 9n);
  expect(inbox.expected(part)).toBe(9n);
});

test('a removed partition takes its records with it', () => {
  const inbox = placed(0);
  inbox.offer(fetched(0, 3));
  inbox.remove(part);
  expect(inbox.size()).toBe(0);
  expect(offsets(inbox)).toEqual([]);
  expect(inbox.partitions()).toEqual([]);
});

test('partitions take turns', () => {
  const inbox = placed(0);
  inbox.add({ topic: 't', partition: 1 });
  inbox.place({ topic: 't', partition: 1 }, 0n);
  inbox.offer(fetched(0, 10));
  inbox.offer(fetched(0, 10, 1));
  const partitions = [inbox.take(4), inbox.take(4)].flatMap((batches) => batches.map(({ partition }) => partition));
  expect(partitions).toEqual([0, 1]);
});

test('everything that got in is taken once and in order, in pieces of any size, and the size is what is left', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('offer' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const inbox = placed(0);
      const taken: number[] = [];
      let offered = 0;
      for (const { kind, count } of steps) {
        if (kind === 'take') {
          const some = offsets(inbox, count);
          expect(some.length).toBeLessThanOrEqual(count);
          taken.push(...some);
        } else {
          inbox.offer(fetched(offered, count));
          offered += count;
        }
        expect(inbox.size()).toBe(offered - taken.length);
      }
      expect([...taken, ...offsets(inbox)]).toEqual(Array.from({ length: offered }, (_, i) => i));
    }),
  );
});

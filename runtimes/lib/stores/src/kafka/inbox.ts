import type { Batch, LogRecord, TopicPartition } from '../log.ts';

/** What one fetch brought of one partition. */
export interface Fetched extends TopicPartition {
  /** The offset that was asked for. */
  readonly from: bigint;
  /** The offset to ask for after it. */
  readonly next: bigint;
  readonly records: readonly LogRecord[];
}

interface Held extends TopicPartition {
  /** Offset that the next fetch must have asked for; undefined while it is not decided where to read. */
  expected: bigint | undefined;
  records: LogRecord[];
  taken: number;
}

/**
 * Records on their way from a client that pushes to a program that polls. A fetch is taken in only if it asked for the very offset
 * that comes next, so what was on its way during a seek or a rebalance never gets through, and nothing is skipped.
 */
export interface Inbox {
  partitions(): readonly TopicPartition[];
  has(part: TopicPartition): boolean;
  add(part: TopicPartition): void;
  remove(part: TopicPartition): void;
  /** Forgets what has come; nothing gets in until it is placed again. */
  unplace(part: TopicPartition): void;
  place(part: TopicPartition, offset: bigint): void;
  /** undefined while it is not placed. */
  expected(part: TopicPartition): bigint | undefined;
  /** False when it is not what comes next. */
  offer(fetched: Fetched): boolean;
  /** The client found nothing between two offsets, and reads on at `next`. */
  skip(part: TopicPartition, from: bigint, next: bigint): void;
  /** Begins with another partition each time, so that a full one does not hold back the others. */
  take(maxRecords: number): Batch[];
  /** Records that wait to be taken. */
  size(): number;
}

export const idOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

export const createInbox = (): Inbox => {
  const held = new Map<string, Held>();
  let size = 0;
  let turn = 0;

  const empty = (part: Held): void => {
    size -= part.records.length - part.taken;
    part.records = [];
    part.taken = 0;
  };
  const takeFrom = (part: Held, room: number): LogRecord[] => {
    const isWhole = part.taken === 0 && part.records.length <= room;
    const records = isWhole ? part.records : part.records.slice(part.taken, part.taken + room);
    part.taken += records.length;
    size -= records.length;
    if (part.taken === part.records.length) {
      part.records = [];
      part.taken = 0;
    }
    return records;
  };

  return {
    partitions: () => [...held.values()].map(({ topic, partition }) => ({ topic, partition })),
    has: (part) => held.has(idOf(part)),
    add: ({ topic, partition }) => {
      held.set(idOf({ topic, partition }), { topic, partition, expected: undefined, records: [], taken: 0 });
    },
    remove: (part) => {
      const known = held.get(idOf(part));
      if (known !== undefined) empty(known);
      held.delete(idOf(part));
    },
    unplace: (part) => {
      const known = held.get(idOf(part));
      if (known === undefined) return;
      empty(known);
      known.expected = undefined;
    },
    place: (part, offset) => {
      const known = held.get(idOf(part));
      if (known === undefined) return;
      empty(known);
      known.expected = offset;
    },
    expected: (part) => held.get(idOf(part))?.expected,
    offer: (fetched) => {
      const known = held.get(idOf(fetched));
      if (known?.expected !== fetched.from) return false;
      known.expected = fetched.next;
      for (const record of fetched.records) known.records.push(record);
      size += fetched.records.length;
      return true;
    },
    skip: (part, from, next) => {
      const known = held.get(idOf(part));
      if (known?.expected === from) known.expected = next;
    },
    take: (maxRecords) => {
      if (size === 0) return [];
      const parts = [...held.values()];
      const batches: Batch[] = [];
      let room = maxRecords;
      for (let i = 0; i < parts.length && room > 0; i++) {
        const part = parts[(turn + i) % parts.length];
        if (part === undefined || part.records.length === 0) continue;
        const records = takeFrom(part, room);
        room -= records.length;
        batches.push({ topic: part.topic, partition: part.partition, records });
      }
      turn++;
      return batches;
    },
    size: () => size,
  };
};

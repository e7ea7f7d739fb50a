import type { Batch, Consumer, ConsumerOptions, Position, TopicPartition } from '../log.ts';
import type { Group, Member } from './group.ts';
import type { MemoryPartition } from './partition.ts';

/** A partition in the hands of one consumer. `position` is the next offset to read. */
interface Reading extends TopicPartition {
  readonly id: string;
  readonly source: MemoryPartition;
  position: number;
}

/** What a consumer needs of the log that it reads. */
export interface ConsumerSource {
  readonly group: Group;
  partitionsOf(topic: string): readonly MemoryPartition[];
  /** Resolves at the next append or change of a group, or after `maxWaitMs`. */
  waitForChange(maxWaitMs: number): Promise<void>;
  /** Wakes everyone who waits. */
  wake(): void;
  commit(positions: readonly Position[]): void;
  /** The consumer has read on in its topics. */
  moved(): void;
  closed(): void;
}

/** A consumer, as its log sees it. */
export interface MemoryConsumer extends Consumer {
  /** The first offset that it has yet to read; Infinity for a partition that it does not read. */
  needs(topic: string, partition: number): number;
}

export const idOf = (topic: string, partition: number): string => `${topic}/${partition}`;

const clamp = (offset: number, source: MemoryPartition): number =>
  Math.min(Math.max(offset, source.start()), source.end());

export const createMemoryConsumer = (options: ConsumerOptions, from: ConsumerSource): MemoryConsumer => {
  const { group } = from;
  const member: Member = { topics: options.topics };
  let readings: Reading[] = [];
  let seen = -1;
  let turn = 0;
  let isClosed = false;
  group.join(member);

  const giveUp = async (): Promise<void> => {
    const lost = readings.filter(({ topic, partition }) => !group.isMeant(member, topic, partition));
    if (lost.length === 0) return;
    readings = readings.filter((reading) => !lost.includes(reading));
    await options.onRevoked?.(lost.map(partOf));
    group.release(
      member,
      lost.map(({ id }) => id),
    );
  };
  const begin = (id: string, source: MemoryPartition): number => {
    const committed = group.committed.get(id);
    if (committed !== undefined) return clamp(committed, source);
    return options.from === 'earliest' ? source.start() : source.end();
  };
  const takeOver = async (): Promise<void> => {
    const gained: Reading[] = [];
    for (const topic of options.topics) {
      for (const [partition, source] of from.partitionsOf(topic).entries()) {
        const id = idOf(topic, partition);
        if (options.partitions?.includes(partition) === false) continue;
        const isMine = readings.some((reading) => reading.id === id);
        if (isMine || !group.isMeant(member, topic, partition) || !group.claim(member, id)) continue;
        gained.push({ topic, partition, id, source, position: begin(id, source) });
      }
    }
    if (gained.length === 0) return;
    readings = [...readings, ...gained];
    await options.onAssigned?.(gained.map(partOf));
  };
  const rebalance = async (): Promise<void> => {
    await giveUp();
    seen = group.version();
    await takeOver();
  };
  /** Begins with another partition each time, so that a full one does not hold back the others. */
  const take = (maxRecords: number): Batch[] => {
    const batches: Batch[] = [];
    let room = maxRecords;
    for (let i = 0; i < readings.length && room > 0; i++) {
      const reading = readings[(turn + i) % readings.length];
      if (reading === undefined || reading.position >= reading.source.end()) continue;
      const records = reading.source.read(reading.position, room);
      const last = records.at(-1);
      if (last === undefined) continue;
      reading.position = Number(last.offset) + 1;
      room -= records.length;
      batches.push({ topic: reading.topic, partition: reading.partition, records });
    }
    if (batches.length > 0) {
      turn++;
      from.moved();
    }
    return batches;
  };
  const refuseClosed = (): void => {
    if (isClosed) throw new Error('Cannot poll: the consumer is closed');
  };

  return {
    poll: async ({ maxRecords, maxWaitMs }) => {
      refuseClosed();
      if (seen !== group.version()) await rebalance();
      const batches = take(maxRecords);
      if (batches.length > 0 || maxWaitMs <= 0) return batches;
      const deadline = performance.now() + maxWaitMs;
      for (let left = maxWaitMs; left > 0 && !isClosed; left = deadline - performance.now()) {
        await from.waitForChange(left);
        if (isClosed) break;
        if (seen !== group.version()) await rebalance();
        const found = take(maxRecords);
        if (found.length > 0) return found;
      }
      return [];
    },
    commit: async (positions) => {
      if (options.group === undefined) throw new Error('Cannot commit offsets: the consumer has no group');
      const mine = positions.filter((p) => readings.some((r) => r.id === idOf(p.topic, p.partition)));
      if (mine.length > 0) from.commit(mine);
    },
    seek: ({ topic, partition, offset }) => {
      const reading = readings.find(({ id }) => id === idOf(topic, partition));
      if (reading === undefined) {
        throw new Error(`Cannot seek in partition ${partition} of "${topic}": it is not assigned to this consumer`);
      }
      reading.position = clamp(Number(offset), reading.source);
    },
    assignment: () => readings.map(partOf),
    needs: (topic, partition) => {
      if (!options.topics.includes(topic)) return Number.POSITIVE_INFINITY;
      // What it will be given is not decided yet.
      if (seen !== group.version()) return 0;
      const reading = readings.find((each) => each.partition === partition && each.topic === topic);
      return reading?.position ?? Number.POSITIVE_INFINITY;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      readings = [];
      group.leave(member);
      from.closed();
      from.wake();
    },
  };
};

const partOf = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition });

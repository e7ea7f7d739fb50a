import type { Logger } from '@groundswell/process';
import type { Admin } from 'kafkajs';
import type { PartitionBounds, TopicPartition } from '../log.ts';
import { idOf } from './inbox.ts';
import type { Topics } from './topics.ts';

export interface BeginningsOptions {
  readonly admin: Admin;
  readonly topics: Topics;
  readonly logger: Logger;
  readonly group: string | undefined;
  readonly from: 'earliest' | 'latest';
}

/** Offset committed by the group for each partition of a topic; none where nothing was ever committed. */
export const committedOffsets = async (admin: Admin, group: string, topic: string): Promise<Map<number, bigint>> => {
  const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  // -1: none. Lower: kafkajs has written down that it starts over.
  const known = (offsets?.partitions ?? []).filter(({ offset }) => !offset.startsWith('-'));
  return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
};

const nearest = (offset: bigint, { start, end }: PartitionBounds): bigint => {
  if (offset < start) return start;
  return offset > end ? end : offset;
};

/**
 * Decides where to read partitions on: where the program wishes, else where the group committed, else where it shall begin;
 * and always within what the log has. (kafkajs by itself would go from an offset that retention has dropped to the newest record.)
 */
export const createBeginnings =
  ({ admin, topics, logger, group, from }: BeginningsOptions) =>
  async (
    parts: readonly TopicPartition[],
    wishes: ReadonlyMap<string, bigint>,
  ): Promise<ReadonlyMap<string, bigint>> => {
    const beginnings = new Map<string, bigint>();
    for (const topic of new Set(parts.map((part) => part.topic))) {
      const [bounds, committed] = await Promise.all([
        topics.bounds(topic),
        group === undefined ? new Map<number, bigint>() : committedOffsets(admin, group, topic),
      ]);
      for (const bound of bounds) {
        const { partition, start, end } = bound;
        const wanted = wishes.get(idOf(bound)) ?? committed.get(partition) ?? (from === 'earliest' ? start : end);
        const offset = nearest(wanted, bound);
        if (offset !== wanted)
          logger.warn(
            { topic, partition, wanted, offset },
            'the log has not got the offset, reading on at the nearest',
          );
        beginnings.set(idOf(bound), offset);
      }
    }
    return beginnings;
  };

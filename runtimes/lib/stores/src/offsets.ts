import type { Batch, Position, TopicPartition } from './log.ts';

/** Where whoever is done with what it read goes on. */
export interface Offsets {
  /** Answers how many records there were. */
  take(batches: readonly Batch[]): number;
  /** Of all partitions that something was read of; or of those of them that are assigned. */
  positions(assigned?: readonly TopicPartition[]): readonly Position[];
  records(): number;
}

const idOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** @param from where it began */
export const createOffsets = (from: readonly Position[] = []): Offsets => {
  const next = new Map(from.map((position) => [idOf(position), position]));
  let records = 0;
  return {
    take: (batches) => {
      let taken = 0;
      for (const { topic, partition, records: read } of batches) {
        const last = read.at(-1);
        if (last !== undefined) next.set(idOf({ topic, partition }), { topic, partition, offset: last.offset + 1n });
        taken += read.length;
      }
      records += taken;
      return taken;
    },
    positions: (assigned) => assigned?.flatMap((partition) => next.get(idOf(partition)) ?? []) ?? [...next.values()],
    records: () => records,
  };
};

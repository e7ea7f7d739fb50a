import type { Batch, Position, TopicPartition } from './log.ts';

/** Where a group that is done with what it read goes on. */
export interface Offsets {
  /** Answers how many records there were. */
  take(batches: readonly Batch[]): number;
  /** Of these partitions, those that something was read of. */
  positions(assigned: readonly TopicPartition[]): readonly Position[];
  records(): number;
}

export const createOffsets = (): Offsets => {
  const next = new Map<string, Position>();
  let records = 0;
  return {
    take: (batches) => {
      let taken = 0;
      for (const { topic, partition, records: read } of batches) {
        const last = read.at(-1);
        if (last !== undefined) next.set(`${topic}/${partition}`, { topic, partition, offset: last.offset + 1n });
        taken += read.length;
      }
      records += taken;
      return taken;
    },
    positions: (assigned) => assigned.flatMap(({ topic, partition }) => next.get(`${topic}/${partition}`) ?? []),
    records: () => records,
  };
};

import type { Consumer, Log, TopicPartition } from '@groundswell/stores';

/** Who works on the partitions that this member of a group has. */
export interface Holder {
  /** Opens what is gained. Answers where to read each on, whatever was committed: offsets and state belong together. */
  gain(partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>>;
  /** They are somebody else's from now on, and nothing of them may be saved any more. */
  lose(partitions: readonly number[]): void;
}

/** A member of a group that reads one topic, and what it holds. */
export interface Assignment {
  readonly consumer: Consumer;
  readonly topic: string;
  partitions(): readonly number[];
  /** Lets go of what is still assigned here and opens it anew. */
  regain(partitions: readonly number[]): Promise<void>;
}

export interface AssignmentOptions {
  readonly log: Log;
  readonly group: string;
  readonly topic: string;
}

const numbersOf = (partitions: readonly TopicPartition[]): readonly number[] =>
  partitions.map(({ partition }) => partition).sort((a, b) => a - b);

export const openAssignment = async ({ log, group, topic }: AssignmentOptions, holder: Holder): Promise<Assignment> => {
  let opened: Consumer | undefined;
  const seek = (positions: ReadonlyMap<number, bigint>): void => {
    for (const [partition, offset] of positions) opened?.seek({ topic, partition, offset });
  };
  const gain = async (partitions: readonly number[]): Promise<void> => {
    if (partitions.length > 0) seek(await holder.gain(partitions));
  };
  opened = await log.consumer({
    group,
    topics: [topic],
    from: 'earliest',
    // Some adapters assign before they hand out the consumer: those are gained below.
    onAssigned: (partitions) => (opened === undefined ? undefined : gain(numbersOf(partitions))),
    onRevoked: (partitions) => holder.lose(numbersOf(partitions)),
  });
  const consumer = opened;
  const partitions = (): readonly number[] => numbersOf(consumer.assignment());
  await gain(partitions());
  return {
    consumer,
    topic,
    partitions,
    regain: async (wanted) => {
      const still = partitions().filter((partition) => wanted.includes(partition));
      holder.lose(still);
      await gain(still);
    },
  };
};

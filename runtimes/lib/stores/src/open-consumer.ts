import type { Consumer, Log, Position, TopicPartition } from './log.ts';

/** What somebody with state of his own reads, and where he goes on. */
interface Resumed {
  /** Absent: all partitions, whoever else reads them. */
  readonly group?: string;
  readonly topics: readonly string[];
  /** Where to read on. */
  readonly positions: () => readonly Position[];
  /** Called with all partitions that are read, after they came or went. */
  readonly onPartitions?: (partitions: readonly number[]) => void;
}

const idOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Reads on where the state stands, whatever was committed: offsets and state belong together. */
export const openConsumer = async (
  log: Log,
  { group, topics, positions, onPartitions }: Resumed,
): Promise<Consumer> => {
  let opened: Consumer | undefined;
  const assigned = new Map<string, number>();
  const seek = (partitions: readonly TopicPartition[]): void => {
    const mine = new Set(partitions.map(idOf));
    for (const position of positions()) if (mine.has(idOf(position))) opened?.seek(position);
  };
  opened = await log.consumer({
    ...{ ...(group !== undefined && { group }), topics, from: 'earliest' },
    onAssigned: (partitions) => {
      for (const each of partitions) assigned.set(idOf(each), each.partition);
      onPartitions?.([...assigned.values()]);
      seek(partitions);
    },
    onRevoked: (partitions) => {
      for (const each of partitions) assigned.delete(idOf(each));
      onPartitions?.([...assigned.values()]);
    },
  });
  // Some adapters assign before they hand out the consumer.
  seek(opened.assignment());
  return opened;
};

import { groupOf, type WindowProgram } from '@groundswell/graph';
import type { Consumer, Log, TopicPartition } from '@groundswell/stores';

/** The partitions in the hands of this worker. */
export interface Assignment {
  readonly consumer: Consumer;
  /** How many it has. */
  count(): number;
  /** @throws Error when other workers have some: state is not split yet */
  refusePart(): Promise<void>;
}

export interface AssignmentEvents {
  /** All partitions are back after some were lost: somebody else may have worked meanwhile. */
  readonly onRegained: () => Promise<void>;
  /** The partitions that it has now. */
  readonly onPartitions: (partitions: readonly number[]) => void;
  /** Where to read on. */
  readonly positions: () => ReadonlyMap<number, bigint>;
}

/** Reads on where the state stands, whatever was committed: offsets and state belong together. */
export const openAssignment = async (
  program: WindowProgram,
  log: Log,
  { onRegained, onPartitions, positions }: AssignmentEvents,
): Promise<Assignment> => {
  const { window, input } = program;
  const topic = input.topic.name;
  const mine = new Set<number>();
  let opened: Consumer | undefined;
  let [lost, checked] = [false, 0];
  const seek = (): void => {
    for (const partition of mine) {
      const offset = positions().get(partition);
      if (offset !== undefined) opened?.seek({ topic, partition, offset });
    }
  };
  const note = (partitions: readonly TopicPartition[], have: boolean): void => {
    for (const { partition } of partitions)
      if (have) mine.add(partition);
      else mine.delete(partition);
  };
  opened = await log.consumer({
    group: groupOf(program),
    topics: [topic],
    from: 'earliest',
    onAssigned: async (partitions) => {
      note(partitions, true);
      if (lost) await onRegained();
      lost = false;
      onPartitions([...mine]);
      seek();
    },
    onRevoked: (partitions) => {
      note(partitions, false);
      lost = true;
    },
  });
  // Some adapters assign before they hand out the consumer.
  note(opened.assignment(), true);
  if (mine.size > 0) onPartitions([...mine]);
  seek();
  return {
    consumer: opened,
    count: () => mine.size,
    refusePart: async () => {
      if (mine.size === 0 || mine.size === checked) return;
      const all = (await log.bounds(topic)).length;
      if (mine.size < all)
        throw new Error(
          `Cannot run window "${window}": this worker has ${mine.size} of ${all} partitions of "${topic}", several workers are not supported yet, set replicas to 1`,
        );
      checked = mine.size;
    },
  };
};

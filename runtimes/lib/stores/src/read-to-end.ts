import type { Batch, Log } from './log.ts';

/** Records of one poll. What was polled is taken before the next. */
const maxRecords = 5000;
/** A topic that gives nothing for so long is not read to its end. */
const patienceMs = 60_000;

export interface WhatToRead {
  readonly topics: readonly string[];
  /** Only these of each topic. Absent: all that there are. */
  readonly partitions?: readonly number[];
}

/**
 * Takes all that topics have at the moment of the call; what comes meanwhile may be taken, too.
 *
 * @throws Error when a topic stops giving records, and whatever `take` throws
 */
export const readToEnd = async (
  log: Log,
  { topics, partitions }: WhatToRead,
  take: (batches: readonly Batch[]) => Promise<void> | void,
): Promise<void> => {
  const ends = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, start, end } of await log.bounds(topic))
      if (start < end && partitions?.includes(partition) !== false) ends.set(`${topic} ${partition}`, end);
  if (ends.size === 0) return;
  const consumer = await log.consumer({ topics, ...(partitions && { partitions }), from: 'earliest' });
  try {
    while (ends.size > 0) {
      const batches = await consumer.poll({ maxRecords, maxWaitMs: patienceMs });
      if (batches.length === 0 && consumer.assignment().length > 0)
        throw new Error(
          `Cannot read to the end of ${[...ends.keys()].join(', ')}: nothing came for ${patienceMs / 1000} s`,
        );
      await take(batches);
      for (const { topic, partition, records } of batches) {
        const place = `${topic} ${partition}`;
        if ((records.at(-1)?.offset ?? -1n) + 1n >= (ends.get(place) ?? 0n)) ends.delete(place);
      }
    }
  } finally {
    await consumer.close();
  }
};

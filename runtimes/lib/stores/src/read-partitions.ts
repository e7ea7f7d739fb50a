import type { Log, LogRecord } from './log.ts';

/** A topic that gives nothing for so long is not read to its end. */
const patienceMs = 60_000;

/**
 * The newest record of each key in these partitions of a compacted topic, in order, without those that were deleted; as
 * of the moment of the call.
 *
 * @throws Error when the topic stops giving records
 */
export const readPartitions = async (
  log: Log,
  topic: string,
  partitions: readonly number[],
): Promise<readonly LogRecord[]> => {
  const bounds = (await log.bounds(topic)).filter(
    ({ partition, start, end }) => partitions.includes(partition) && start < end,
  );
  const ends = new Map(bounds.map(({ partition, end }) => [partition, end]));
  if (ends.size === 0) return [];
  const found = new Map<string, LogRecord>();
  const consumer = await log.consumer({ topics: [topic], partitions: [...ends.keys()], from: 'earliest' });
  try {
    while (ends.size > 0) {
      const batches = await consumer.poll({ maxRecords: 1000, maxWaitMs: patienceMs });
      if (batches.length === 0 && consumer.assignment().length > 0)
        throw new Error(`Cannot read topic "${topic}" to its end: nothing came for ${patienceMs / 1000} s`);
      for (const { partition, records } of batches) {
        for (const record of records) take(found, record);
        const end = ends.get(partition);
        if (end !== undefined && (records.at(-1)?.offset ?? -1n) + 1n >= end) ends.delete(partition);
      }
    }
    return [...found.values()];
  } finally {
    await consumer.close();
  }
};

const take = (found: Map<string, LogRecord>, record: LogRecord): void => {
  const { key = '' } = record;
  found.delete(key);
  if (record.value !== null) found.set(key, record);
};

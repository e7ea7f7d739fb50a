import type { Log, LogRecord } from './log.ts';
import { readToEnd } from './read-to-end.ts';

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
  const found = new Map<string, LogRecord>();
  await readToEnd(log, { topics: [topic], partitions }, (batches) => {
    for (const { records } of batches) for (const record of records) take(found, record);
  });
  return [...found.values()];
};

const take = (found: Map<string, LogRecord>, record: LogRecord): void => {
  const { key = '' } = record;
  found.delete(key);
  if (record.value !== null) found.set(key, record);
};

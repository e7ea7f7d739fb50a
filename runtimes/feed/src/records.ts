import type { Batch, Poison, TopicPartition } from '@groundswell/stores';
import { decodeJson, FanOutJob, PostRecord } from '@groundswell/wire';
import type { z } from 'zod';

export interface Read<T> extends TopicPartition {
  readonly offset: bigint;
  readonly record: T;
}

interface AllRead<T> {
  readonly records: readonly Read<T>[];
  /** What could not be used. */
  readonly poison: readonly Poison[];
}

const readBy =
  <T>(schema: z.ZodType<T>) =>
  (batches: readonly Batch[]): AllRead<T> => {
    const all = { records: [] as Read<T>[], poison: [] as Poison[] };
    for (const { topic, partition, records } of batches)
      for (const record of records) {
        try {
          const parsed = schema.parse(decodeJson(record.value ?? new Uint8Array()));
          all.records.push({ topic, partition, offset: record.offset, record: parsed });
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          all.poison.push({ topic, partition, record, reason });
        }
      }
    return all;
  };

export const readPosts = readBy(PostRecord);
export const readJobs = readBy(FanOutJob);

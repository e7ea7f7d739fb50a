import type { Checkpoints, Consumer, Log, LogRecord } from '@groundswell/stores';
import { decodeJson, encodeJson, eventOf } from '@groundswell/wire';
import type { IntakeLedger } from './intake.ts';
import type { SeenIdsSnapshot } from './seen-ids.ts';
import type { Cursor } from './source-reader.ts';

/** All that a source needs to go on: saved as one. */
export interface Checkpoint {
  readonly cursor: Cursor;
  readonly seen: SeenIdsSnapshot;
  readonly ledger: IntakeLedger;
  readonly eventTime: number | null;
  /** The source has ended, and every partition has its last watermark. */
  readonly ended: boolean;
  /** End of each partition of the events topic, as decimal text: what lies beyond was written after this. */
  readonly ends: readonly string[];
  /** Ids that lie before the ends although the cursor has not come to them again, after an earlier crash. */
  readonly written: readonly string[];
}

export const loadCheckpoint = async (checkpoints: Checkpoints, name: string): Promise<Checkpoint | undefined> => {
  const saved = await checkpoints.load(name);
  // Written by `saveCheckpoint` below and by nobody else.
  return saved === undefined ? undefined : (decodeJson(saved) as Checkpoint);
};

export const saveCheckpoint = (checkpoints: Checkpoints, name: string, checkpoint: Checkpoint): Promise<void> =>
  checkpoints.save(name, encodeJson(checkpoint));

export const endsOf = async (log: Log, topic: string): Promise<readonly string[]> => {
  const bounds = await log.bounds(topic);
  return [...bounds].sort((a, b) => a.partition - b.partition).map(({ end }) => String(end));
};

/**
 * Ids of this source's events that lie beyond the saved ends. A log that outlives a crash (Kafka) has them although the saved
 * cursor is before them: reading the source again from there gives them again, and they must not be written twice.
 */
export const writtenSince = async (
  log: Log,
  topic: string,
  { ends, source }: { readonly ends: readonly string[]; readonly source: string },
): Promise<Set<string>> => {
  const ids = new Set<string>();
  const unread = await unreadOf(log, topic, ends);
  if (unread.size === 0) return ids;
  const consumer: Consumer = await log.consumer({
    topics: [topic],
    from: 'latest',
    onAssigned: () => {
      for (const [partition, { from }] of unread) consumer.seek({ topic, partition, offset: from });
    },
  });
  try {
    for (let emptyPolls = 0; unread.size > 0; ) {
      const batches = await consumer.poll({ maxRecords: 10_000, maxWaitMs: 1000 });
      emptyPolls = batches.length === 0 ? emptyPolls + 1 : 0;
      if (emptyPolls === patience) throw new Error(`Cannot read back "${topic}": no records came for ${patience} s`);
      for (const { partition, records } of batches) {
        for (const id of idsOf(records, source)) ids.add(id);
        const next = (records.at(-1)?.offset ?? 0n) + 1n;
        if (next >= (unread.get(partition)?.to ?? 0n)) unread.delete(partition);
      }
    }
  } finally {
    await consumer.close();
  }
  return ids;
};

const patience = 30;

/** By partition: what lies between the saved end and the end of today. */
const unreadOf = async (
  log: Log,
  topic: string,
  ends: readonly string[],
): Promise<Map<number, { readonly from: bigint; readonly to: bigint }>> => {
  const unread = new Map<number, { from: bigint; to: bigint }>();
  for (const { partition, start, end } of await log.bounds(topic)) {
    const saved = BigInt(ends[partition] ?? 0);
    const from = saved > start ? saved : start;
    if (from < end) unread.set(partition, { from, to: end });
  }
  return unread;
};

const idsOf = (records: readonly LogRecord[], source: string): readonly string[] =>
  records.flatMap((record) => {
    const event = eventOf(record);
    return event?.source === source ? [event.id] : [];
  });

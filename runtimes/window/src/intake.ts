import type { Batch, LogRecord, Poison } from '@groundswell/stores';
import type { Windower } from '@groundswell/windowing';
import { eventOf, type SocialEvent, watermarkHeader } from '@groundswell/wire';

/** What becomes of records that do not count. */
export interface Leftovers {
  late(record: LogRecord): void;
  poison(poison: Poison): void;
}

/** Hands records to the windower, in the order of their partitions, and knows where to read on. */
export interface Intake {
  take(batches: readonly Batch[]): number;
  /** Partition → the next offset to read. */
  positions(): ReadonlyMap<number, bigint>;
  /** Newest event time seen, ms; undefined before the first event. */
  eventTime(): number | undefined;
}

export const createIntake = (
  windower: Windower<SocialEvent>,
  from: ReadonlyMap<number, bigint>,
  leftovers: Leftovers,
): Intake => {
  const positions = new Map(from);
  let eventTime = -Infinity;

  const takeControl = (partition: number, { headers }: LogRecord): void => {
    const promised = headers[watermarkHeader];
    if (promised === undefined) throw new SyntaxError('Cannot take a record: it has neither a value nor a watermark');
    const watermark = Number(promised);
    if (Number.isNaN(watermark)) throw new SyntaxError(`Cannot take a watermark: "${promised}" is no number`);
    windower.advance(partition, watermark);
  };
  const takeEvent = (partition: number, record: LogRecord, event: SocialEvent): void => {
    if (event.at > eventTime) eventTime = event.at;
    if (windower.accept(partition, event) === 'late') leftovers.late(record);
  };
  const takeRecord = ({ topic, partition }: Batch, record: LogRecord): void => {
    try {
      const event = eventOf(record);
      if (event === undefined) takeControl(partition, record);
      else takeEvent(partition, record, event);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      windower.refuse(partition, 'deadLettered');
      leftovers.poison({ topic, partition, record, reason: error.message });
    }
  };
  const takeBatch = (batch: Batch): void => {
    const { partition, records } = batch;
    const next = positions.get(partition) ?? 0n;
    // A log may repeat records after a change of hands.
    const repeats = (records[0]?.offset ?? next) < next;
    for (const record of records)
      if (repeats && record.offset < next) windower.refuse(partition, 'duplicate');
      else takeRecord(batch, record);
    const last = records.at(-1)?.offset ?? -1n;
    if (last >= next) positions.set(partition, last + 1n);
  };
  return {
    take: (batches) => {
      let records = 0;
      for (const batch of batches) {
        takeBatch(batch);
        records += batch.records.length;
      }
      return records;
    },
    positions: () => positions,
    eventTime: () => (eventTime === -Infinity ? undefined : eventTime),
  };
};

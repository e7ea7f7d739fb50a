import { traceHeader } from '@groundswell/process';
import { type Batch, createOffsets, type LogRecord, type Poison, type Position } from '@groundswell/stores';
import type { Watermarks } from '@groundswell/windowing';
import { eventOf, watermarkHeader } from '@groundswell/wire';
import type { Schedule } from './schedule.ts';

export interface Taken {
  readonly records: number;
  readonly poison: readonly Poison[];
}

/** Turns records into the schedule's time and events, and knows where to read on. */
export interface Intake {
  take(batches: readonly Batch[]): Taken;
  positions(): readonly Position[];
  /** Newest event time seen; undefined before the first event. */
  eventTime(): number | undefined;
}

export interface IntakeOptions {
  readonly schedule: Schedule;
  readonly watermarks: Watermarks;
  readonly positions: readonly Position[];
}

export const createIntake = ({ schedule, watermarks, positions }: IntakeOptions): Intake => {
  const offsets = createOffsets(positions);
  let eventTime: number | undefined;

  const takeRecord = (partition: number, record: LogRecord): void => {
    const event = eventOf(record);
    if (event === undefined) {
      const promised = Number(record.headers[watermarkHeader]);
      if (!Number.isNaN(promised)) watermarks.advance(partition, promised);
    } else {
      schedule.take(event, record.headers[traceHeader]);
      if (eventTime === undefined || event.at > eventTime) eventTime = event.at;
      watermarks.observe(partition, event.at);
    }
    schedule.advance(watermarks.current());
  };
  return {
    take: (batches) => {
      const poison: Poison[] = [];
      for (const { topic, partition, records } of batches)
        for (const record of records) {
          try {
            takeRecord(partition, record);
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            poison.push({ topic, partition, record, reason: error.message });
          }
        }
      return { records: offsets.take(batches), poison };
    },
    positions: () => offsets.positions(),
    eventTime: () => eventTime,
  };
};

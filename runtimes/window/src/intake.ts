import type { LogRecord } from '@groundswell/stores';
import type { Windower } from '@groundswell/windowing';
import type { ReadEvent, SocialEvent } from '@groundswell/wire';
import type { Joining } from './join/joining.ts';
import type { WindowEvent } from './join/window-event.ts';
import { promiseOf } from './promise.ts';

/** What becomes of records that do not count. */
export interface Leftovers {
  late(record: LogRecord): void;
  poison(record: LogRecord, reason: string): void;
}

/** Hands the records of one partition to its windower, in their order, and knows where to read on. */
export interface Intake {
  take(records: readonly LogRecord[]): void;
  /** The next offset to read. */
  position(): bigint;
  /** Source partition → the newest source offset that was taken, where records tell where they come from. */
  sources(): ReadonlyMap<number, bigint>;
  /** Source partition → the newest epoch of those who send its events, where that counts. */
  epochs(): ReadonlyMap<number, number>;
  /** Newest event time seen, ms; −Infinity before the first event. */
  eventTime(): number;
}

export interface IntakeFrom {
  readonly partition: number;
  readonly position: bigint;
  readonly eventOf: ReadEvent;
  /** Where the window joins tables. */
  readonly joining?: Joining | undefined;
}

const noSources: ReadonlyMap<number, bigint> = new Map();
const noEpochs: ReadonlyMap<number, number> = new Map();

export const createIntake = (
  windower: Windower<WindowEvent>,
  { partition, position: from, eventOf, joining }: IntakeFrom,
  leftovers: Leftovers,
): Intake => {
  let position = from;
  let eventTime = -Infinity;

  const takeEvent = (record: LogRecord, event: SocialEvent): void => {
    if (event.at > eventTime) eventTime = event.at;
    if (windower.accept(partition, joining?.join(event) ?? event) === 'late') leftovers.late(record);
  };
  const takeRecord = (record: LogRecord): void => {
    try {
      const event = eventOf(record);
      if (event === undefined) windower.advance(partition, promiseOf(record));
      else takeEvent(record, event);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      windower.refuse(partition, 'deadLettered');
      leftovers.poison(record, error.message);
    }
  };
  return {
    take: (polled) => {
      const records = joining?.admit(polled) ?? polled;
      // A log may repeat records after a change of hands.
      const repeats = (records[0]?.offset ?? position) < position;
      for (const record of records)
        if (repeats && record.offset < position) windower.refuse(partition, 'duplicate');
        else takeRecord(record);
      const last = records.at(-1)?.offset ?? -1n;
      if (last >= position) position = last + 1n;
    },
    position: () => position,
    sources: () => noSources,
    epochs: () => noEpochs,
    eventTime: () => eventTime,
  };
};

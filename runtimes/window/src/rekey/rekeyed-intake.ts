import type { LogRecord } from '@groundswell/stores';
import type { Inputs, Windower } from '@groundswell/windowing';
import type { ReadEvent, SocialEvent } from '@groundswell/wire';
import type { Intake, Leftovers } from '../intake.ts';
import type { WindowEvent } from '../join/window-event.ts';
import { promiseOf } from '../promise.ts';
import { isCopy, isIdle, rowsOf, type Source, sourceOf } from './rekeyed-record.ts';

export interface RekeyedIntakeOptions {
  readonly windower: Windower<WindowEvent>;
  /** All partitions of the input. */
  readonly inputs: Inputs;
  readonly position: bigint;
  readonly sources: ReadonlyMap<number, bigint>;
  readonly epochs: ReadonlyMap<number, number>;
  readonly leftovers: Leftovers;
  readonly eventOf: ReadEvent;
}

/**
 * Takes events that workers have sent on by key. Each worker sends the events of a source partition in their order and
 * leaves none out, from an offset on up to which all were sent before. So what is not newer than what came already is a
 * repeat, whoever sends it; also of one that was replaced and does not know it.
 */
export const createRekeyedIntake = (options: RekeyedIntakeOptions): Intake => {
  const { windower, inputs, leftovers, eventOf } = options;
  const sources = new Map(options.sources);
  const epochs = new Map(options.epochs);
  let position = options.position;
  let eventTime = -Infinity;

  const takeWatermark = (record: LogRecord, { partition, offset }: Source): void => {
    const watermark = promiseOf(record);
    // Of one that is behind: what it says was true once.
    if (offset <= (sources.get(partition) ?? -1n)) return;
    windower.advance(partition, watermark);
    if (isIdle(record)) inputs.rest(partition);
  };
  const takeEvent = (record: LogRecord, partition: number, event: SocialEvent): void => {
    if (event.at > eventTime) eventTime = event.at;
    const rows = rowsOf(record);
    const outcome = windower.accept(partition, rows === undefined ? event : { ...event, rows });
    if (outcome === 'late' && !isCopy(record)) leftovers.late(record);
  };
  /** Whether somebody sent it who was replaced, and whose successor may have sent it to another shard. */
  const isOutrun = ({ partition, epoch }: Source): boolean => {
    const newest = epochs.get(partition) ?? 0;
    if (epoch === undefined || epoch === newest) return false;
    if (epoch < newest) return true;
    epochs.set(partition, epoch);
    return false;
  };
  const takeRecord = (record: LogRecord): void => {
    const source = sourceOf(record);
    const event = eventOf(record);
    if (isOutrun(source)) {
      if (event !== undefined) windower.refuse(source.partition, 'duplicate');
    } else if (event === undefined) takeWatermark(record, source);
    else if (source.offset > (sources.get(source.partition) ?? -1n)) {
      sources.set(source.partition, source.offset);
      takeEvent(record, source.partition, event);
    } else windower.refuse(source.partition, 'duplicate');
  };
  return {
    take: (records) => {
      for (const record of records) {
        // A log may repeat records after a change of hands.
        if (record.offset < position) continue;
        position = record.offset + 1n;
        try {
          takeRecord(record);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          leftovers.poison(record, error.message);
        }
      }
    },
    position: () => position,
    sources: () => sources,
    epochs: () => epochs,
    eventTime: () => eventTime,
  };
};

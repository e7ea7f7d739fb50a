import { type DeadLetter, encodeJson } from '@groundswell/wire';
import type { LogRecord, OutRecord, TopicPartition } from './log.ts';

/** A record that a group could not use, as it came. */
export interface Poison extends TopicPartition {
  readonly record: LogRecord;
  readonly reason: string;
}

/** What goes to the dead letters: all that is needed to find out why, and to try again. `now` is wall time, ms. */
export const deadLetterOf = (group: string, { topic, partition, record, reason }: Poison, now: number): OutRecord => {
  const letter: DeadLetter = {
    group,
    reason,
    origin: `${topic}/${partition}`,
    offset: String(record.offset),
    raw: Buffer.from(record.value ?? new Uint8Array()).toString('base64'),
    at: now,
  };
  return { key: `${topic}/${partition}/${record.offset}`, value: encodeJson(letter) };
};

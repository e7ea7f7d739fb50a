import type { OutRecord } from '@groundswell/stores';
import { type DeadLetter, encodeJson } from '@groundswell/wire';
import type { Poison } from './intake.ts';

/** A record that could not be read, with all that is needed to find out why and to try again. */
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

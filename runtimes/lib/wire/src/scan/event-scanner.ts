import { decodeEvent, rememberedEvent } from '../codec.ts';
import { eventOf } from '../event-record.ts';
import type { SocialEvent } from '../social-event.ts';
import { JsonScanner } from './scanner.ts';

/** The event of a record, as `eventOf` gives it. */
export type ReadEvent = typeof eventOf;

/** What every reader stands on. */
const always = [['post_id'], ['type'], ['at']];

/**
 * Reads events for somebody who looks at these fields of them only, and at each event before the next: the events may be
 * one object that is filled again, with only these fields. Otherwise as `eventOf`.
 *
 * @param paths `['attributes', 'amount']` is the attribute `amount`
 */
export const createEventScanner = (paths: readonly (readonly string[])[]): ReadEvent => {
  const scanner = new JsonScanner([...always, ...paths]);
  return (record) => {
    // What is at hand in this process need not be read.
    if (record.content !== undefined || record.value === null) return eventOf(record);
    const remembered = rememberedEvent(record.value);
    if (remembered !== undefined) return remembered;
    const event = scanner.scan(record.value);
    const isEvent =
      typeof event?.['post_id'] === 'string' && typeof event['type'] === 'string' && Number.isFinite(event['at']);
    return isEvent ? (event as unknown as SocialEvent) : decodeEvent(record.value);
  };
};

import { decodeEvent, encodeEvent } from './codec.ts';
import type { SocialEvent } from './social-event.ts';

/** What a log needs to know of an event: its bytes, and the event itself for readers in the same process. */
export interface EventRecord {
  readonly key: string;
  /** Made when somebody asks for them. Where all readers share the process nobody does, which saves about 2 µs an event. */
  readonly value: Uint8Array;
  readonly content: SocialEvent;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
}

const none: Readonly<Record<string, string>> = Object.freeze({});

class EncodedWhenAsked implements EventRecord {
  readonly key: string;
  readonly content: SocialEvent;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  #bytes: Uint8Array | undefined;

  constructor(key: string, event: SocialEvent, headers: Readonly<Record<string, string>>) {
    this.key = key;
    this.content = event;
    this.timestamp = event.at;
    this.headers = headers;
  }

  get value(): Uint8Array {
    this.#bytes ??= encodeEvent(this.content);
    return this.#bytes;
  }
}

/** The event must not change any more. */
export const eventRecord = (key: string, event: SocialEvent, headers = none): EventRecord =>
  new EncodedWhenAsked(key, event, headers);

/**
 * The event of a record of the events topic, which nobody else writes to; undefined where it carries none, but a watermark.
 *
 * @throws SyntaxError when the bytes are no JSON, or no event
 */
export const eventOf = (record: {
  readonly content?: object | undefined;
  readonly value: Uint8Array | null;
}): SocialEvent | undefined => {
  // Asked for first, as asking for the value makes it.
  if (record.content !== undefined) return record.content as SocialEvent;
  return record.value === null ? undefined : decodeEvent(record.value);
};

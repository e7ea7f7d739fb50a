import type { SocialEvent } from './social-event.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 JSON, as every topic of ours carries it. */
export const encodeJson = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** @throws SyntaxError when the bytes are no JSON */
export const decodeJson = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes));

// Several programs of one process read the same record; the bytes are parsed once for all of them. The event hangs on its
// bytes: a WeakMap for it costs 4 µs an event, nearly all in the garbage collector (measured 2026-11-21).
const decoded = Symbol('decoded');
type EventBytes = Uint8Array & { [decoded]?: SocialEvent };

// Small records share a buffer, as one for each costs 1 µs more.
const slabSize = 65_536;
let slab = new Uint8Array(slabSize);
let used = 0;

const encodeIntoSlab = (text: string): Uint8Array => {
  // No UTF-16 unit takes more than three bytes.
  const most = 3 * text.length;
  if (most > slabSize / 4) return encoder.encode(text);
  if (used + most > slabSize) [slab, used] = [new Uint8Array(slabSize), 0];
  const from = used;
  used += encoder.encodeInto(text, slab.subarray(from)).written;
  return slab.subarray(from, used);
};

/** Encodes an event for the events topic, and remembers it for readers in the same process. */
export const encodeEvent = (event: SocialEvent): Uint8Array => {
  const bytes: EventBytes = encodeIntoSlab(JSON.stringify(event));
  bytes[decoded] = event;
  return bytes;
};

/** The event that the bytes were made of, or decoded to, in this process. */
export const rememberedEvent = (bytes: EventBytes): SocialEvent | undefined => bytes[decoded];

/**
 * Decodes a record of the events topic. Only ingest writes there and it has validated the event, so the shape is trusted
 * but for what every reader stands on: a strange record of somebody else must not stop those behind it.
 *
 * @throws SyntaxError when the bytes are no JSON, or no event
 */
export const decodeEvent = (bytes: EventBytes): SocialEvent => {
  const known = bytes[decoded];
  if (known !== undefined) return known;
  const event = decodeJson(bytes) as SocialEvent;
  if (typeof event?.post_id !== 'string' || typeof event.type !== 'string' || !Number.isFinite(event.at))
    throw new SyntaxError('Cannot take an event: it has no post_id, type or at, all three are needed');
  bytes[decoded] = event;
  return event;
};

import type { SocialEvent } from './social-event.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 JSON, as every topic of ours carries it. */
export const encodeJson = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** @throws SyntaxError when the bytes are no JSON */
export const decodeJson = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes));

// Several programs of one process read the same record; the bytes are parsed once for all of them.
const decoded = new WeakMap<Uint8Array, SocialEvent>();

/** Encodes an event for the events topic, and remembers it for readers in the same process. */
export const encodeEvent = (event: SocialEvent): Uint8Array => {
  const bytes = encodeJson(event);
  decoded.set(bytes, event);
  return bytes;
};

/**
 * Decodes a record of the events topic. Only ingest writes there and it has validated the event, so the shape is trusted
 * but for what every reader stands on: a strange record of somebody else must not stop those behind it.
 *
 * @throws SyntaxError when the bytes are no JSON, or no event
 */
export const decodeEvent = (bytes: Uint8Array): SocialEvent => {
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  const event = decodeJson(bytes) as SocialEvent;
  if (typeof event?.post_id !== 'string' || typeof event.type !== 'string' || !Number.isFinite(event.at))
    throw new SyntaxError('Cannot take an event: it has no post_id, type or at, all three are needed');
  decoded.set(bytes, event);
  return event;
};

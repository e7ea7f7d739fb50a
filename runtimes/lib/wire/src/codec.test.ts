import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent, decodeJson, encodeEvent, encodeJson } from './codec.ts';
import type { SocialEvent } from './social-event.ts';

const event = (changes: Partial<SocialEvent> = {}): SocialEvent => ({
  id: 'e1',
  type: 'post',
  at: 1000,
  ingested_at: 2000,
  source: 'demo',
  post_id: 'p1',
  user_id: 'u1',
  author_id: 'u1',
  ...changes,
});

describe('an encoded event', () => {
  test('is its JSON, whatever its text and whatever was encoded before and after', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 9000 }), { maxLength: 40 }), (texts) => {
        const events = texts.map((text) => event({ text }));
        const encoded = events.map(encodeEvent);
        expect(encoded.map((bytes) => decodeEvent(bytes.slice()))).toEqual(
          events.map((e) => decodeJson(encodeJson(e))),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('is not parsed again in this process', () => {
    const one = event();
    expect(decodeEvent(encodeEvent(one))).toBe(one);
    const bytes = encodeJson(one);
    expect(decodeEvent(bytes)).toBe(decodeEvent(bytes));
  });

  test.each(['no JSON', '{}', '{"post_id":"p","type":"post"}', 'null'])('is refused when it is %s', (text) => {
    expect(() => decodeEvent(new TextEncoder().encode(text))).toThrow(SyntaxError);
  });
});

import { expect, test } from 'vitest';
import { decodeJson } from './codec.ts';
import { eventOf, eventRecord } from './event-record.ts';
import type { SocialEvent } from './social-event.ts';

const event: SocialEvent = {
  ...{ id: 'e1', type: 'post', at: 1000, ingested_at: 2000, source: 'demo' },
  ...{ post_id: 'p1', user_id: 'u1', author_id: 'u1' },
};

test('a reader in the same process is handed the event itself', () => {
  expect(eventOf(eventRecord('p1', event))).toBe(event);
});

test('a reader elsewhere decodes an equal event from the bytes', () => {
  expect(eventOf({ value: eventRecord('p1', event).value.slice() })).toEqual(event);
});

test('the bytes are the JSON of the event, made once', () => {
  const record = eventRecord('p1', event);
  expect(decodeJson(record.value)).toEqual(event);
  expect(record.value).toBe(record.value);
});

test('a record without a value carries no event', () => {
  expect(eventOf({ value: null })).toBeUndefined();
});

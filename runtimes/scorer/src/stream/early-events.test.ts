import { expect, test } from 'vitest';
import { event } from '../../test/builders.ts';
import { createEarlyEvents } from './early-events.ts';

test('events are handed to their post in the order in which they came, once', () => {
  const [a, b, c] = [event('like', 'p', 9), event('like', 'q', 1), event('like', 'p', 3)];
  const early = createEarlyEvents([a, b, c]);
  expect(early.take('p')).toEqual([a, c]);
  expect(early.take('p')).toEqual([]);
  expect(early.snapshot()).toEqual([b]);
});

test('an event goes once the watermark has reached it and all that came before it', () => {
  const [a, b] = [event('like', 'p', 9), event('like', 'p', 3)];
  const early = createEarlyEvents([a, b]);
  early.expire(8);
  expect(early.snapshot()).toEqual([a, b]);
  early.expire(9);
  expect(early.snapshot()).toEqual([]);
  expect(early.take('p')).toEqual([]);
});

test('events of posts that never come do not fill the memory', () => {
  const early = createEarlyEvents();
  for (let i = 0; i < 25_000; i++) early.hold(event('like', `p${i}`, 1e9));
  expect(early.snapshot()).toHaveLength(20_000);
  expect(early.take('p4999')).toEqual([]);
  expect(early.take('p5000')).toHaveLength(1);
});

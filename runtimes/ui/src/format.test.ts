import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatClock,
  formatCompact,
  formatDuration,
  formatEffect,
  formatMoment,
  formatName,
  formatPercent,
  formatRate,
} from './format.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  { ms: 0, text: '0 s' },
  { ms: 42, text: '0.042 s' },
  { ms: 400, text: '0.4 s' },
  { ms: 1000, text: '1 s' },
  { ms: 59_499, text: '59 s' },
  { ms: 59_500, text: '1 min' },
  { ms: 12 * minute + 59_999, text: '12 min' },
  { ms: 3 * hour, text: '3 h' },
  { ms: 3 * hour + 5 * minute, text: '3 h 5 min' },
  { ms: 2 * day + 4 * hour + 59 * minute, text: '2 d 4 h' },
  { ms: 2 * day + 30 * minute, text: '2 d' },
  { ms: -5000, text: '−5 s' },
])('$ms ms is $text', ({ ms, text }) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a duration has at most two units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * day }), (ms) => {
      expect(formatDuration(ms)).toMatch(/^[\d.]+ (s|min|h|d)( \d+ (min|h))?$/);
    }),
  );
});

test.each([
  { probability: 0, text: '0.0' },
  { probability: 0.0004, text: '0.1' },
  { probability: 0.5, text: '50.0' },
  { probability: 0.9996, text: '99.9' },
  { probability: 1, text: '100.0' },
])('the probability $probability is shown as $text', ({ probability, text }) => {
  expect(formatPercent(probability)).toBe(text);
});

test.each([
  { effect: 0.2134, text: '+21.3' },
  { effect: -0.04, text: '−4.0' },
  { effect: 0.0003, text: '±0.0' },
  { effect: -0.0003, text: '±0.0' },
])('the effect $effect is shown as $text', ({ effect, text }) => {
  expect(formatEffect(effect)).toBe(text);
});

test('counts are short where there is little room', () => {
  expect(formatCompact(9_999)).toBe('9,999');
  expect(formatCompact(12_345)).toBe('12.3k');
  expect(formatCompact(4_000_000)).toBe('4m');
});

test('slow rates have a fraction, fast ones none', () => {
  expect(formatRate(0.42)).toBe('0.42/s');
  expect(formatRate(1204.4)).toBe('1,204/s');
});

test('moments are in the time zone that is asked for', () => {
  const at = Date.UTC(2025, 10, 27, 23, 5);
  expect(formatMoment(at, { timeZone: 'UTC' })).toBe('Thu 27 Nov 23:05');
  expect(formatMoment(at, { timeZone: 'Europe/Berlin' })).toBe('Fri 28 Nov 00:05');
  expect(formatClock(at, { timeZone: 'Asia/Kolkata' })).toBe('04:35');
});

test('names of features and measures are read as words', () => {
  expect(formatName('reposts_10_m')).toBe('reposts 10 m');
});

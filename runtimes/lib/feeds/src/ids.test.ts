import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIds, idEpoch, idOf, parseId, partsOf } from './ids.ts';

const now = Date.UTC(2026, 10, 21);
const parts = fc.record({
  at: fc.integer({ min: idEpoch, max: idEpoch + 2 ** 41 - 1 }),
  worker: fc.nat(63),
  sequence: fc.nat(63),
});

test('an id and its parts say the same, exactly, in JavaScript and JSON', () => {
  fc.assert(
    fc.property(parts, (made) => {
      const id = idOf(made);
      expect(partsOf(id)).toEqual(made);
      expect(Number.isSafeInteger(id)).toBe(true);
      expect(JSON.parse(JSON.stringify(id))).toBe(id);
      expect(parseId(String(id))).toBe(id);
    }),
  );
});

test('bits are where the documentation says', () => {
  expect(idOf({ at: idEpoch + 1, worker: 0, sequence: 0 })).toBe(2 ** 12);
  expect(idOf({ at: idEpoch, worker: 1, sequence: 0 })).toBe(2 ** 6);
  expect(idOf({ at: idEpoch + 2 ** 41 - 1, worker: 63, sequence: 63 })).toBe(Number.MAX_SAFE_INTEGER);
});

test('texts sort as numbers do, from October 2022 on', () => {
  const first = idOf({ at: Date.UTC(2022, 9, 1), worker: 0, sequence: 0 });
  expect(String(first)).toHaveLength(16);
  expect(String(Number.MAX_SAFE_INTEGER)).toHaveLength(16);
});

test('the ids of a worker ascend, whatever its clock does', () => {
  const clock = fc.array(fc.integer({ min: now - 500, max: now + 500 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(clock, (times) => {
      const ids = createIds(5);
      const made = times.map((time) => ids.next(time));
      expect(made).toEqual([...new Set(made)].sort((a, b) => a - b));
    }),
  );
});

test('workers never make the same id', () => {
  const [one, other] = [createIds(1), createIds(2)];
  const made = Array.from({ length: 1000 }, () => [one.next(now), other.next(now)]).flat();
  expect(new Set(made).size).toBe(2000);
});

test('no ids are made far ahead of the clock', () => {
  const ids = createIds(0);
  ids.next(now + 1_001);
  expect(() => ids.next(now)).toThrow('the clock is 1001 ms behind the last one, try again later');
});

test.each(['', '-1', '1.5', 'abc', '1e3', '9007199254740992', '99999999999999999999', '007', ' 7'])(
  '"%s" is no id',
  (text) => {
    expect(parseId(text)).toBeUndefined();
  },
);

test.each([
  { at: idEpoch - 1, worker: 0, sequence: 0 },
  { at: idEpoch + 2 ** 41, worker: 0, sequence: 0 },
  { at: now, worker: 64, sequence: 0 },
  { at: now, worker: 0, sequence: 64 },
])('$at, $worker, $sequence do not fit', (made) => {
  expect(() => idOf(made)).toThrow(/Cannot make an id/);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

const box = { width: 100, height: 30, inset: 5 };

test('time runs from left to right and the highest score is on top', () => {
  const path = sparklinePath(
    [
      { at: 0, score: 0.2 },
      { at: 50, score: 0.4 },
      { at: 100, score: 0.6 },
    ],
    box,
  );
  expect(path?.line).toBe('M5 25L50 15L95 5');
  expect(path?.area).toBe('M5 25L50 15L95 5V30H5Z');
  expect(path?.last).toEqual({ x: 95, y: 5 });
});

test('a single score is a level line', () => {
  expect(sparklinePath([{ at: 7, score: 0.5 }], box)?.line).toBe('M5 15L95 15');
});

test('scores that hardly differ look flat', () => {
  const path = sparklinePath(
    [
      { at: 0, score: 0.5 },
      { at: 1, score: 0.515 },
    ],
    box,
  );
  expect(path?.line).toBe('M5 16L95 14');
});

test('without scores there is no line', () => {
  expect(sparklinePath([], box)).toBeUndefined();
});

test('whatever the scores, the line stays inside of its box', () => {
  const history = fc.array(fc.record({ at: fc.nat(1e9), score: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(history, (unsorted) => {
      const sorted = unsorted.toSorted((a, b) => a.at - b.at);
      const numbers = sparklinePath(sorted, box)?.line.slice(1).split(/[ L]/).map(Number) ?? [];
      expect(numbers.length).toBeGreaterThanOrEqual(4);
      numbers.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(box.inset);
        expect(value).toBeLessThanOrEqual((i % 2 === 0 ? box.width : box.height) - box.inset);
      });
    }),
  );
});

import { expect, test } from 'vitest';
import { moveOf } from './grid-keys.ts';

test.each([
  { key: 'ArrowUp', to: { row: 2, hour: 10 } },
  { key: 'ArrowDown', to: { row: 4, hour: 10 } },
  { key: 'ArrowLeft', to: { row: 3, hour: 9 } },
  { key: 'ArrowRight', to: { row: 3, hour: 11 } },
  { key: 'Home', to: { row: 3, hour: 0 } },
  { key: 'End', to: { row: 3, hour: 23 } },
  { key: 'Tab', to: undefined },
])('$key leads to $to', ({ key, to }) => {
  expect(moveOf(key, { row: 3, hour: 10 }, 7)).toEqual(to);
});

test.each([
  { key: 'ArrowUp', at: { row: 0, hour: 0 } },
  { key: 'ArrowLeft', at: { row: 0, hour: 0 } },
  { key: 'ArrowDown', at: { row: 6, hour: 23 } },
  { key: 'ArrowRight', at: { row: 6, hour: 23 } },
])('$key does not lead out of the grid', ({ key, at }) => {
  expect(moveOf(key, at, 7)).toEqual(at);
});

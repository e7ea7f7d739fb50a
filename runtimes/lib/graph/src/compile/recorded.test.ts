import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recorded, unreadIn } from './recorded.ts';

const spec = { a: { b: 1, c: { d: 2, e: 3 } }, list: [{ x: 1 }, { x: 2, y: 3 }], empty: {} };
const unread = (use: (value: typeof spec) => unknown) => {
  const { value, isRead } = recorded(spec);
  use(value);
  return unreadIn(spec, isRead);
};

test.each<[string, (value: typeof spec) => unknown, (string | number)[][]]>([
  ['nothing', () => undefined, [['a'], ['list'], ['empty']]],
  ['a field of a field', (v) => v.a.b, [['a', 'c'], ['list'], ['empty']]],
  ['an object without what is in it', (v) => v.a, [['a', 'b'], ['a', 'c'], ['list'], ['empty']]],
  ['one of a list', (v) => v.list[1]?.x, [['a'], ['list', 0], ['list', 1, 'y'], ['empty']]],
  ['what is empty', (v) => v.empty, [['a'], ['list']]],
  ['all of a list', (v) => v.list.map(({ x }) => x), [['a'], ['list', 1, 'y'], ['empty']]],
  ['a copy', (v) => structuredClone(JSON.parse(JSON.stringify(v))), []],
])('of what was read %s, the rest is unread', (_, use, expected) => {
  expect(unread(use)).toEqual(expected);
});

test('a recorded value reads like the value', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 3 }), (value) => {
      expect(JSON.stringify(recorded(value).value)).toBe(JSON.stringify(value));
    }),
  );
});

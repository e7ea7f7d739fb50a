import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, doneCursor, jobField, parseShardState, settle } from './shard-state.ts';

test('a job goes on from its cursor, and begins without one', () => {
  const state = parseShardState({ owner: '3', 'j:0:7': '42', 'j:0:8': 'done', 'f:1': '5' });
  expect(state.owner).toBe('3');
  expect(cursorOf(state, { partition: 0, offset: 7n })).toBe('42');
  expect(cursorOf(state, { partition: 0, offset: 8n })).toBe(doneCursor);
  expect(cursorOf(state, { partition: 0, offset: 9n })).toBeUndefined();
  expect(cursorOf(state, { partition: 1, offset: 5n })).toBe(doneCursor);
  expect(cursorOf(state, { partition: 1, offset: 6n })).toBeUndefined();
});

test('what is settled counts as done, though its cursors are gone', () => {
  const origin = fc.record({ partition: fc.nat(3), offset: fc.bigInt({ min: 0n, max: 100n }) });
  fc.assert(
    fc.property(fc.array(origin), (origins) => {
      const fields = Object.fromEntries(origins.map((each) => [jobField(each), doneCursor]));
      const { floors, jobs } = settle(origins);
      for (const field of jobs) delete fields[field];
      expect(fields).toEqual({});
      const state = parseShardState(floors);
      expect(origins.map((each) => cursorOf(state, each))).toEqual(origins.map(() => doneCursor));
    }),
  );
});

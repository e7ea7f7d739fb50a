import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTop, type Ranked } from './top.ts';

const names = (top: { list(): readonly Ranked[] }): readonly string[] => top.list().map(({ postId }) => postId);

test('the highest newest scores are kept, highest first; of equal scores as the store ranks them', () => {
  const top = createTop(3);
  for (const [postId, score] of [
    ['a', 0.1],
    ['b', 0.9],
    ['c', 0.5],
    ['d', 0.5],
    ['b', 0.2],
  ] as const)
    top.put(postId, score);
  expect(names(top)).toEqual(['d', 'c', 'b']);
  expect(['d', 'c', 'b', 'a'].map(top.rankOf)).toEqual([0, 1, 2, -1]);
  top.drain();
  top.put('low', 0.1);
  expect(top.drain(), 'what does not get in is no change').toEqual({ put: [], removed: [] });
});

test('a smaller size lets the last go', () => {
  const top = createTop(3, [
    { postId: 'a', score: 0.9 },
    { postId: 'b', score: 0.8 },
    { postId: 'c', score: 0.7 },
  ]);
  top.resize(1);
  expect(names(top)).toEqual(['a']);
  expect(top.drain()).toEqual({ put: [], removed: ['c', 'b'] });
});

test('what is drained brings a copy to the same content, in any order of changes', () => {
  const postId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const command = fc.oneof(
    fc.record({ postId, score: fc.constantFrom(0, 0.25, 0.5, 0.75, 1) }),
    fc.record({ removed: postId }),
    fc.record({ size: fc.integer({ min: 1, max: 5 }) }),
    fc.constant('drain' as const),
  );
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const top = createTop(3);
      const copy = new Map<string, number>();
      const follow = (): void => {
        const { put, removed } = top.drain();
        for (const gone of removed) copy.delete(gone);
        for (const each of put) copy.set(each.postId, each.score);
      };
      let size = 3;
      for (const each of commands) {
        if (each === 'drain') follow();
        else if ('removed' in each) top.remove(each.removed);
        else if ('size' in each) {
          size = each.size;
          top.resize(size);
        } else top.put(each.postId, each.score);
        expect(top.list().length).toBeLessThanOrEqual(size);
      }
      follow();
      const wanted = [...copy].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1));
      expect(top.list().map(({ postId, score }) => [postId, score])).toEqual(wanted);
      for (const [rank, [name]] of wanted.entries()) expect(top.rankOf(name)).toBe(rank);
    }),
  );
});

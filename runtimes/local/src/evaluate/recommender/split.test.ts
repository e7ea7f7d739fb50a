import type { SocialEvent } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { accuracyOf, popularFor } from './measure.ts';
import { hideNew, leaveLastOut, truthOf } from './split.ts';

const event = (type: SocialEvent['type'], user: string, item: string, at: number): SocialEvent => ({
  ...{ id: `${type}/${user}/${item}/${at}`, type, at, ingested_at: at, source: 'test' },
  ...{ post_id: item, user_id: user, author_id: 'shop', tags: ['all'] },
});
const inputOf = (events: readonly SocialEvent[]) => ({
  events,
  isItem: ({ type }: SocialEvent) => type === 'post',
  isSuccess: ({ type }: SocialEvent) => type === 'like',
});

test('of each user the last item that it took first is held back, with all that the user did with it', () => {
  const events = [
    event('post', 'shop', 'x', 0),
    event('like', 'ann', 'x', 1),
    event('view', 'ann', 'y', 2),
    event('like', 'ann', 'y', 3),
    event('like', 'ann', 'x', 4),
    event('like', 'bob', 'y', 5),
  ];
  const { told, held } = leaveLastOut(inputOf(events));
  expect(held).toEqual([{ user: 'ann', item: 'y' }]);
  expect(told).toEqual([events[0], events[1], events[4], events[5]]);
});

test('nothing is told of new users, nor of new items before they appear', () => {
  const users = Array.from({ length: 40 }, (_, i) => `u${i}`);
  const items = Array.from({ length: 130 }, (_, i) => `i${i}`);
  const events = [
    ...items.map((item) => event('post', 'shop', item, 0)),
    ...users.flatMap((user) => items.map((item, i) => event('like', user, item, 1 + i))),
  ];
  const { told, held, appearing, known, truth, firsts } = hideNew(inputOf(events));
  const hidden = new Set(appearing.map(({ post_id }) => post_id));
  const strangers = new Set(held.map(({ user }) => user));
  expect(hidden.size).toBe(100);
  expect(strangers.size + known.length).toBe(40);
  expect(strangers.size).toBeGreaterThan(3);
  expect(told.filter(({ post_id, user_id }) => hidden.has(post_id) || strangers.has(user_id))).toEqual([]);
  expect(told.length).toBe(30 + 30 * known.length);
  expect(appearing.every(({ at }) => at === 130)).toBe(true);
  expect(truth.has(truthOf('u0', [...hidden][0] ?? ''))).toBe(true);
  expect(firsts.get(held[0]?.user ?? '')).toEqual(['i0', 'i1', 'i2']);
});

test('recall counts places that count, NDCG counts first places more', () => {
  const answers = [
    { items: ['a', 'b', 'c'], wanted: 'a' },
    { items: ['a', 'b', 'c'], wanted: 'b' },
    { items: ['a', 'b', 'c'], wanted: 'c' },
    { items: [], wanted: 'c' },
  ];
  expect(accuracyOf(answers, 2)).toEqual({ recall: 0.5, ndcg: (1 + 1 / Math.log2(3)) / 4 });
  expect(accuracyOf([], 2)).toEqual({ recall: 0, ndcg: 0 });
});

test('popularity gives nobody what they have', () => {
  const taken = [
    ['ann', 'x'],
    ['bob', 'x'],
    ['bob', 'y'],
    ['cid', 'y'],
    ['cid', 'z'],
  ] as const;
  expect(popularFor(taken, ['ann', 'bob', 'new'], 2)).toEqual([['y', 'z'], ['z'], ['x', 'y']]);
});

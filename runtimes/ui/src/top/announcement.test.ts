import type { TopPost } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { announcementOf } from './announcement.ts';

const post = (post_id: string, score = 0.5): TopPost => ({
  rank: 1,
  post_id,
  author_id: `author of ${post_id}`,
  score,
  ...{ history: [], score_record: null, outcome: null },
  posted_at: 0,
  age_ms: 0,
  reposts: 0,
  model: 'virality',
  variant: 'champion',
  why: [],
});

test('a new leader and new posts are said', () => {
  expect(announcementOf([post('a')], [post('b', 0.972), post('a')])).toBe(
    'author of b leads with 97.2%. 1 new in the top 2.',
  );
});

test('a post that comes in below the leader is only counted', () => {
  expect(announcementOf([post('a')], [post('a'), post('b')])).toBe('1 new in the top 2.');
});

test('new scores alone are not said', () => {
  expect(announcementOf([post('a', 0.5)], [post('a', 0.6)])).toBeUndefined();
  expect(announcementOf([post('a')], [])).toBeUndefined();
});

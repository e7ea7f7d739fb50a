import type { TopPosts } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { nextLiveState, retryAfterMs, unknown } from './live-state.ts';

const top: TopPosts = { model: 'virality', at: 1, posts: [], next_cursor: null };

test('what was seen stays while the connection is lost, and since when is kept', () => {
  const seen = nextLiveState(nextLiveState(unknown, { kind: 'opened' }), { kind: 'top', top });
  const lost = nextLiveState(nextLiveState(seen, { kind: 'lost', at: 5 }), { kind: 'lost', at: 9 });
  expect(lost).toEqual({ connection: { kind: 'lost', since: 5 }, top });
  expect(nextLiveState(lost, { kind: 'opened' })).toEqual({ connection: { kind: 'live' }, top });
});

test('a pipeline without a heatmap is told from one whose heatmap has not come yet', () => {
  expect(unknown.heatmap).toBeUndefined();
  expect(nextLiveState(unknown, { kind: 'heatmap', heatmap: null }).heatmap).toBeNull();
});

test.each([
  { attempt: 1, ms: 1000 },
  { attempt: 2, ms: 2000 },
  { attempt: 4, ms: 8000 },
  { attempt: 5, ms: 15_000 },
  { attempt: 5000, ms: 15_000 },
])('the attempt after $attempt failures waits $ms ms', ({ attempt, ms }) => {
  expect(retryAfterMs(attempt)).toBe(ms);
});

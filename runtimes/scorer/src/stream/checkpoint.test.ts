import { expect, test } from 'vitest';
import { event } from '../../test/builders.ts';
import { decodeState, emptyState, encodeState, type ScorerState } from './checkpoint.ts';

const full: ScorerState = {
  positions: [{ topic: 't', partition: 3, offset: 9_007_199_254_740_993n }],
  watermarks: {
    current: Number.NEGATIVE_INFINITY,
    partitions: [
      [3, Number.NEGATIVE_INFINITY],
      [4, 17],
    ],
  },
  schedule: {
    posts: [{ event: event('post', 'p', 1), due: 5, changedAt: 1, reposts: 2, count: 3, figure: 4, bins: { ab: 5 } }],
    early: [event('like', 'q', 2)],
  },
  top: [{ postId: 'p', score: 0.25 }],
  means: { features: ['a', 'b'], of: { counts: [1, 0], sums: [2.5, 0] } },
  calibration: { ab: { posts: [1], positives: [0] } },
};

test.each([
  { what: 'an empty state', state: emptyState },
  { what: 'a full one, with offsets beyond what doubles hold and watermarks that never moved', state: full },
])('$what comes back as it was', ({ state }) => {
  expect(decodeState('scorer', encodeState(state))).toEqual(state);
});

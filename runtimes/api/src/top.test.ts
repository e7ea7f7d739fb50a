import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prediction } from './test/world.ts';
import { topPostsOf as pageOf, readPost, type StoredPost, scoreRecordOf } from './top.ts';

const topPostsOf = (model: string, listed: Parameters<typeof pageOf>[1]) =>
  pageOf(model, listed, { before: 0, nextCursor: null, calibrations: {} });

const stored = (changes: Partial<StoredPost> = {}): StoredPost => ({
  postId: 'p1',
  card: JSON.stringify({ post_id: 'p1', author_id: 'a1', text: 'hello', posted_at: 1000 }),
  reposts: '7',
  outcome: undefined,
  predictions: { champion: JSON.stringify(prediction()) },
  history: ['{"at":61000,"score":0.5}', '{"at":1000,"score":0.1}'],
  why: '[{"feature":"followers","value":9,"effect":0.2,"text":"many followers"}]',
  ...changes,
});

test('a listed post has its card, its score, its history newest last, and its reasons', () => {
  expect(topPostsOf('virality', [{ score: 0.5, stored: stored() }])).toEqual({
    model: 'virality',
    at: 61_000,
    next_cursor: null,
    posts: [
      {
        rank: 1,
        post_id: 'p1',
        author_id: 'a1',
        text: 'hello',
        score: 0.5,
        score_record: null,
        outcome: null,
        history: [
          { at: 1000, score: 0.1 },
          { at: 61_000, score: 0.5 },
        ],
        posted_at: 1000,
        age_ms: 60_000,
        reposts: 7,
        model: 'virality',
        variant: 'champion',
        why: [{ feature: 'followers', value: 9, effect: 0.2, text: 'many followers' }],
      },
    ],
  });
});

test('what a killed scorer has scored twice is shown once, as it was scored last', () => {
  const pushed = [
    { at: 1_000, score: 0.1 },
    { at: 2_000, score: 0.2 },
    { at: 3_000, score: 0.3 },
    { at: 2_000, score: 0.21 },
    { at: 3_000, score: 0.31 },
    { at: 4_000, score: 0.4 },
  ];
  const { history } = readPost(stored({ history: pushed.toReversed().map((score) => JSON.stringify(score)) }));
  expect(history).toEqual([
    { at: 1_000, score: 0.1 },
    { at: 2_000, score: 0.21 },
    { at: 3_000, score: 0.31 },
    { at: 4_000, score: 0.4 },
  ]);
});

test('the list speaks up to the newest score in it, and ages are as of then', () => {
  const late = stored({ predictions: { champion: JSON.stringify(prediction({ scored_at: 301_000 })) } });
  const top = topPostsOf('virality', [
    { score: 0.9, stored: stored() },
    { score: 0.5, stored: late },
  ]);
  expect(top.at).toBe(301_000);
  expect(top.posts.map((post) => post.age_ms)).toEqual([300_000, 300_000]);
});

test('a shadow never answers, and of those that answer the newest does', () => {
  const predictions = {
    shadow: JSON.stringify(prediction({ variant: 'shadow', shadow: true, scored_at: 99_000 })),
    old: JSON.stringify(prediction({ variant: 'old', scored_at: 50_000 })),
    new: JSON.stringify(prediction({ variant: 'new', scored_at: 60_000 })),
  };
  expect(topPostsOf('virality', [{ score: 0.5, stored: stored({ predictions }) }]).posts[0]?.variant).toBe('new');
});

test('a post of which no prediction is stored any more leaves no gap in the ranks', () => {
  const gone = stored({ predictions: {}, card: undefined });
  const top = topPostsOf('virality', [
    { score: 0.9, stored: gone },
    { score: 0.5, stored: stored() },
  ]);
  expect(top.posts.map(({ rank, post_id }) => ({ rank, post_id }))).toEqual([{ rank: 1, post_id: 'p1' }]);
});

test('a post whose card expired is listed with what its prediction says', () => {
  const [post] = topPostsOf('virality', [{ score: 0.5, stored: stored({ card: undefined }) }]).posts;
  expect(post).toMatchObject({ post_id: 'p1', author_id: 'a1', posted_at: 1000 });
  expect(post).not.toHaveProperty('text');
});

test('an empty list speaks up to the beginning of time', () => {
  expect(topPostsOf('virality', [])).toEqual({ model: 'virality', at: 0, posts: [], next_cursor: null });
});

test('whatever text lies in the store, a post is read without an error', () => {
  const odd = fc.oneof(fc.string(), fc.json(), fc.constant(undefined));
  fc.assert(
    fc.property(odd, odd, fc.array(fc.json()), odd, (card, reposts, history, why) => {
      const read = readPost(stored({ card, reposts, history, why, predictions: { a: '{"model":1}', b: '}' } }));
      expect(read.predictions).toEqual([]);
      expect(read.reposts).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a score has the record of posts with such a score by the same model file, and its outcome once it is known', () => {
  const posts = [0, 0, 0, 0, 0, 40, 0, 0, 0, 0];
  const positives = [0, 0, 0, 0, 0, 20, 0, 0, 0, 0];
  const calibrations = { ab: JSON.stringify({ posts, positives }), cd: JSON.stringify({ posts: [], positives: [] }) };
  const outcome = { outcome: 'viral', positive: true, value: 61, matured_at: 9 };
  const listed = [{ score: 0.5, stored: stored({ outcome: JSON.stringify(outcome) }) }];
  const [post] = pageOf('virality', listed, { before: 0, nextCursor: null, calibrations }).posts;
  expect(post?.score_record).toEqual({
    ...{ from: 0.5, to: 0.6, posts: 40, positives: 20 },
    ...{ low: expect.closeTo(0.352, 3), high: expect.closeTo(0.648, 3) },
  });
  expect(post?.outcome).toEqual(outcome);
  for (const other of [
    { digest: 'other', score: 0.5 },
    { digest: 'ab', score: 0.9 },
    { digest: 'cd', score: 0.5 },
  ])
    expect(scoreRecordOf(other, calibrations)).toBeNull();
});

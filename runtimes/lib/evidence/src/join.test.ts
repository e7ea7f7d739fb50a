import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJoin, type LoggedScore } from './join.ts';

const options = { ages: 2, missingAfterMs: 100, maxPosts: 1000 };
const scoreOf = (post: string, over: Partial<LoggedScore> = {}): LoggedScore => ({
  ...{ post, side: 'champion', age: 0, score: 0.5, maturesAt: 1000, scoredAt: 0 },
  ...over,
});

describe('the join of scores and labels', () => {
  test('gives a post once its label has matured, and only once', () => {
    const join = createJoin(options);
    join.scored(scoreOf('a'));
    join.scored(scoreOf('a', { side: 'challenger', score: 0.7 }));
    join.scored(scoreOf('a', { age: 1, score: 0.9 }));
    join.labelled('a', { positive: true });
    expect(join.advance(999)).toEqual([]);
    expect(join.advance(1000)).toEqual([
      { positive: true, ages: [{ champion: 0.5, challenger: 0.7 }, { champion: 0.9 }] },
    ]);
    expect(join.advance(1001)).toEqual([]);
  });

  test('uses labels in the order in which they mature, whatever the order in which they came', () => {
    const posts = fc.uniqueArray(
      fc.record({
        name: fc.string({ minLength: 1 }),
        maturesAt: fc.integer({ min: 1, max: 50 }),
        positive: fc.boolean(),
      }),
      { selector: ({ name }) => name, maxLength: 20 },
    );
    fc.assert(
      fc.property(posts, fc.array(fc.nat()), (all, order) => {
        const labelsOf = (labels: typeof all) => {
          const join = createJoin(options);
          for (const { name, maturesAt } of all)
            join.scored(scoreOf(name, { maturesAt, score: maturesAt, scoredAt: -1 }));
          for (const { name, positive } of labels) join.labelled(name, { positive });
          return join.advance(50);
        };
        const shuffled = all
          .map((post, i) => ({ post, key: order[i] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ post }) => post);
        const used = labelsOf(shuffled);
        expect(used).toEqual(labelsOf(all));
        const times = used.map(({ ages }) => ages[0]?.champion ?? Number.NaN);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(used).toHaveLength(all.length);
      }),
    );
  });

  test('takes a label that comes late, and gives up one that does not come', () => {
    const join = createJoin(options);
    join.scored(scoreOf('late'));
    join.scored(scoreOf('lost'));
    expect(join.advance(1050)).toEqual([]);
    join.labelled('late', { positive: false });
    expect(join.advance(1060)).toHaveLength(1);
    expect(join.counts().missing).toBe(0);
    expect(join.advance(1100)).toEqual([]);
    expect(join.counts().missing).toBe(1);
  });

  test('takes the corrected label before it is used, and counts a correction that comes after', () => {
    const join = createJoin(options);
    join.scored(scoreOf('a'));
    join.labelled('a', { positive: true });
    join.labelled('a', { positive: false });
    expect(join.advance(1000)).toMatchObject([{ positive: false }]);
    join.labelled('a', { positive: false });
    expect(join.counts().corrected).toBe(0);
    join.labelled('a', { positive: true });
    expect(join.counts().corrected).toBe(1);
  });

  test('leaves out scores that were logged when the label was known, and counts them', () => {
    const join = createJoin(options);
    join.scored(scoreOf('a', { side: 'challenger', scoredAt: 1000 }));
    join.labelled('a', { positive: true });
    expect(join.advance(1000)).toEqual([{ positive: true, ages: [null, null] }]);
    expect(join.counts().hindsight).toEqual({ champion: 0, challenger: 1 });
  });

  test('goes on from a snapshot as if nothing had happened', () => {
    const join = createJoin(options);
    join.scored(scoreOf('a'));
    join.scored(scoreOf('b', { scoredAt: 2000 }));
    join.labelled('a', { positive: true });
    const again = createJoin(options, JSON.parse(JSON.stringify(join.snapshot())));
    join.labelled('b', { positive: true });
    again.labelled('b', { positive: true });
    expect(again.advance(1000)).toEqual(join.advance(1000));
    expect(again.counts()).toEqual(join.counts());
  });

  test('follows a share of the posts, the same for both variants, where there are too many', () => {
    const join = createJoin({ ...options, maxPosts: 100 });
    const posts = Array.from({ length: 2000 }, (_, i) => `post-${i}`);
    for (const post of posts) join.scored(scoreOf(post));
    for (const post of posts) join.scored(scoreOf(post, { side: 'challenger' }));
    for (const post of posts) join.labelled(post, { positive: false });
    const used = join.advance(1000);
    expect(used.length).toBeGreaterThan(30);
    expect(used.length).toBeLessThanOrEqual(100);
    expect(used.every(({ ages }) => ages[0]?.champion !== undefined && ages[0].challenger !== undefined)).toBe(true);
  });
});

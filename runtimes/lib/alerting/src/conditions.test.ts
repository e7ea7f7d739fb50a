import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorker, hour, minute, predictionOf, ruleOf, scopeOf } from './test/world.ts';

/** A post's scores at minutes, as a worker sees them. */
const scores = (
  worker: ReturnType<typeof createWorker>,
  post_id: string,
  at: Readonly<Record<number, number>>,
): void => {
  for (const [minutes, score] of Object.entries(at))
    worker.observe(scopeOf(predictionOf({ post_id, score, scored_at: Number(minutes) * minute })));
};

describe('an alert', () => {
  test('fires when its condition holds, and once for a post', () => {
    const worker = createWorker(ruleOf());
    scores(worker, 'p1', { 0: 0.5, 1: 0.9, 2: 0.95, 3: 0.2, 4: 0.99 });
    expect(worker.fired).toMatchObject([{ post_id: 'p1', score: 0.9, scored_at: minute, state: 'firing' }]);
    expect(worker.repeated()).toBe(1);
  });

  test('fires again for the same key when so much time has passed', () => {
    const worker = createWorker(ruleOf({ once: { key: 'prediction.author_id', withinMs: hour } }));
    scores(worker, 'p1', { 0: 0.9 });
    scores(worker, 'p2', { 59: 0.9 });
    scores(worker, 'p3', { 60: 0.9 });
    expect(worker.fired.map(({ post_id }) => post_id)).toEqual(['p1', 'p3']);
  });

  test.each([
    { what: 'the condition was broken meanwhile', at: { 0: 0.9, 3: 0.5, 4: 0.9, 6: 0.9 }, fired: [] },
    { what: 'it held for long enough', at: { 0: 0.9, 3: 0.9, 5: 0.85 }, fired: [5 * minute] },
    { what: 'it held until then, though it does not now', at: { 0: 0.9, 6: 0.1 }, fired: [5 * minute] },
  ])('with "for" fires only if the condition held so long: $what', ({ at, fired }) => {
    const worker = createWorker(ruleOf({ forMs: 5 * minute }));
    scores(worker, 'p1', at);
    expect(worker.fired.map(({ scored_at, fired_at }) => Math.max(scored_at, Math.min(fired_at, 5 * minute)))).toEqual(
      fired,
    );
  });

  test('with "for" fires in time also where only other posts are scored', () => {
    const worker = createWorker(ruleOf({ forMs: 5 * minute }));
    scores(worker, 'p1', { 0: 0.9 });
    scores(worker, 'p2', { 6: 0.1 });
    expect(worker.fired.map(({ post_id }) => post_id)).toEqual(['p1']);
  });

  test('with "until" does not end before that', () => {
    const worker = createWorker(ruleOf({ until: 'prediction.score < 0.3', once: { key: '"all"', withinMs: 1 } }));
    scores(worker, 'p1', { 0: 0.9, 1: 0.5, 2: 0.9, 3: 0.2, 4: 0.9 });
    expect(worker.fired.map(({ scored_at }) => scored_at / minute)).toEqual([0, 4]);
    expect(worker.ended).toEqual(['p1']);
  });

  test('of a post that is not scored any more ends a day later', () => {
    const worker = createWorker(ruleOf());
    scores(worker, 'p1', { 0: 0.9 });
    scores(worker, 'p2', { [25 * 60]: 0.1 });
    expect(worker.ended).toEqual(['p1']);
    expect([...worker.saved.keys()].filter((name) => name.startsWith('watch/'))).toEqual([]);
  });

  test('sees windows and the post, and looks only at its model', () => {
    const rule = ruleOf({ when: "windows['post-10m'].reposts > 20.0 && post.age < 60000.0", model: 'virality' });
    const worker = createWorker(rule);
    const windows = { 'post-10m': { reposts: 21 } };
    worker.observe(scopeOf(predictionOf({ post_id: 'old', age_ms: 70_000 }), { windows }));
    worker.observe(scopeOf(predictionOf({ post_id: 'other', model: 'spam' }), { windows }));
    worker.observe(scopeOf(predictionOf({ post_id: 'without' })));
    worker.observe(scopeOf(predictionOf({ post_id: 'hit' }), { windows }));
    expect(worker.fired.map(({ post_id }) => post_id)).toEqual(['hit']);
  });
});

const observation = fc.record({
  post: fc.integer({ min: 0, max: 4 }),
  score: fc.constantFrom(0.1, 0.5, 0.9),
  step: fc.integer({ min: 0, max: 4 }),
  restart: fc.boolean(),
});

test('restarts anywhere, and what is read twice, change no alert; and each post has at most one', () => {
  const rule = fc.record({
    forMs: fc.constantFrom(0, 3 * minute),
    until: fc.constantFrom(undefined, 'prediction.score < 0.3'),
  });
  fc.assert(
    fc.property(rule, fc.array(observation, { maxLength: 40 }), ({ forMs, until }, observations) => {
      const rules = ruleOf({ forMs, ...(until !== undefined && { until }) });
      const [whole, broken] = [createWorker(rules), createWorker(rules)];
      let at = 0;
      for (const { post, score, step, restart } of observations) {
        at += step * minute;
        const scope = scopeOf(predictionOf({ post_id: `p${post}`, score, scored_at: at }));
        whole.observe(scope);
        broken.observe(scope);
        if (!restart) continue;
        broken.restart();
        broken.observe(scope);
      }
      expect(broken.fired).toEqual(whole.fired);
      expect(broken.ended).toEqual(whole.ended);
      const posts = whole.fired.map(({ post_id }) => post_id);
      expect(posts).toEqual([...new Set(posts)]);
    }),
  );
});

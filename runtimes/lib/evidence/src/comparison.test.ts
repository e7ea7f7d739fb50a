import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createComparison } from './comparison.ts';
import type { LabelledPost } from './labelled-post.ts';
import { createWorld } from './test/simulation.ts';

const post = (positive: boolean, champion?: number, challenger?: number): LabelledPost => ({
  positive,
  ages: [{ ...(champion !== undefined && { champion }), ...(challenger !== undefined && { challenger }) }],
});
const compare = (metric: Parameters<typeof createComparison>[0], posts: readonly LabelledPost[]) => {
  const comparison = createComparison(metric);
  for (const each of posts) comparison.add(each);
  return comparison;
};

describe('the comparison of two variants', () => {
  test('of a post that both scored is with itself', () => {
    const { differences } = compare('Auc', [post(false, 0.5, 0.2), post(true, 0.4, 0.6)]);
    expect(differences).toEqual([1]);
  });

  test('of posts that one variant scored is between blocks of each', () => {
    const posts = [post(true, 0.4), post(false, 0.5), post(true, undefined, 0.6), post(false, undefined, 0.2)];
    expect(compare('Auc', posts).differences).toEqual([1]);
  });

  test('takes each post once, and a positive with as many negatives as there are for it', () => {
    const negatives = Array.from({ length: 40 }, () => post(false, 0.1, 0.1));
    const { differences } = compare('Auc', [
      ...negatives,
      post(true, 0.9, 0.05),
      post(true, 0.9, 0.05),
      post(true, 0.9, 0.05),
    ]);
    // Twenty for the first, twenty for the second, none for the third.
    expect(differences).toEqual([-1, -1]);
  });

  test('averages over ages, and leaves out an age that only one of them scored', () => {
    const ages = (positive: boolean, values: readonly (readonly [number?, number?])[]): LabelledPost => ({
      positive,
      ages: values.map(([champion, challenger]) => ({
        ...(champion !== undefined && { champion }),
        ...(challenger !== undefined && { challenger }),
      })),
    });
    const { differences } = compare('Auc', [
      ages(false, [[0.5, 0.5], [0.5, 0.2], [0.5]]),
      ages(true, [[0.6, 0.6], [0.5, 0.6], [0.1]]),
    ]);
    expect(differences).toEqual([0.25]);
  });

  test.each(['Auc', 'LogLoss', 'Brier', 'LiftAt10'] as const)('by %s stays within its bounds', (metric) => {
    const scores = fc.double({ min: 0, max: 1, noNaN: true });
    const posts = fc.array(
      fc.tuple(fc.boolean(), fc.option(scores, { nil: undefined }), fc.option(scores, { nil: undefined })),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(posts, (all) => {
        for (const difference of compare(
          metric,
          all.map(([positive, a, b]) => post(positive, a, b)),
        ).differences) {
          expect(difference).toBeGreaterThanOrEqual(-1);
          expect(difference).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test.each(['Auc', 'LogLoss', 'Brier', 'LiftAt10'] as const)('by %s favours the better variant', (metric) => {
    const { next } = createWorld({ seed: 1, champion: 0.8, challenger: 1.8, correlation: 0.5, baseRate: 0.2 });
    const { differences, scale } = compare(metric, Array.from({ length: 4000 }, next));
    expect((scale * differences.reduce((sum, d) => sum + d, 0)) / differences.length).toBeGreaterThan(0.01);
  });

  test.each(['Auc', 'LiftAt10'] as const)('by %s goes on from a snapshot as if nothing had happened', (metric) => {
    const { next } = createWorld({
      seed: 2,
      champion: 1,
      challenger: 1.2,
      correlation: 0.5,
      baseRate: 0.2,
      share: 0.3,
    });
    const [first, second] = [Array.from({ length: 1500 }, next), Array.from({ length: 1500 }, next)];
    const whole = compare(metric, [...first, ...second]);
    const again = createComparison(metric, JSON.parse(JSON.stringify(compare(metric, first).snapshot())));
    for (const each of second) again.add(each);
    expect(again.differences).toEqual(whole.differences);
    expect(again.differences.length).toBeGreaterThan(10);
  });
});

import { createFeatures } from '@groundswell/features';
import { expect, test } from 'vitest';
import { features } from '../../test/builders.ts';
import { createMeans, explain } from './explain.ts';

/** Minutes lower the score, followers raise it, reposts raise it most. */
const scoreOf = ([minutes = 0, followers = 0, reposts = 0]: Float32Array): number =>
  0.3 - 0.01 * minutes + 0.0001 * followers + 0.02 * reposts;
const set = createFeatures(features);
const asked: { variant: string; rows: number }[] = [];
const explainerOf = () => undefined;
const explanations = { features: 5, method: 'Auto' } as const;
const scoreBy = async (variant: string, rows: Float32Array): Promise<Float32Array> => {
  asked.push({ variant, rows: rows.length / 3 });
  return Float32Array.from({ length: rows.length / 3 }, (_, i) => scoreOf(rows.subarray(3 * i, 3 * i + 3)));
};
const meansOf = (...vectors: readonly number[][]) => {
  const means = createMeans(3);
  for (const vector of vectors) means.note(Float32Array.from(vector));
  return means;
};
const explained = (postId: string, variant: string, ...values: readonly number[]) => {
  const vector = Float32Array.from(values);
  return { postId, variant, vector, score: scoreOf(vector) };
};

test('the effect of a feature is the fall of the score without it; strongest first, with the direction told', async () => {
  const means = meansOf([2, 1000, 0], [6, 3000, 0]);
  const reasons = await explain([explained('p', 'champion', 8, 4000, 20)], {
    explanations,
    listed: features,
    set,
    means,
    scoreBy,
    explainerOf,
  });
  const told = reasons.get('p')?.map(({ feature, value, effect }) => [feature, value, Number(effect.toFixed(4))]);
  expect(told).toEqual([
    ['reposts_10m', 20, 0.4],
    ['followers', 4000, 0.2],
    ['minutes', 8, -0.04],
  ]);
  expect(reasons.get('p')?.[0]?.text).toBe('20 reposts in the last 10 minutes');
});

test('features at their default or mean need no row, and posts of one variant share a run', async () => {
  asked.length = 0;
  const means = meansOf([2, 1000, 0]);
  const posts = [
    explained('a', 'champion', 2, 1000, 5),
    explained('b', 'champion', 2, 1001, 0),
    explained('c', 'other', 2, 1000, 1),
    explained('d', 'other', 2, 1000, 0),
  ];
  const reasons = await explain(posts, { explanations, listed: features, set, means, scoreBy, explainerOf });
  expect(asked).toEqual([
    { variant: 'champion', rows: 2 },
    { variant: 'other', rows: 1 },
  ]);
  expect(reasons.get('b'), 'too small an effect is no reason').toEqual([]);
  expect(reasons.get('d')).toEqual([]);
});

test('a missing value is told as null, and a variant that serves no more gives no reasons', async () => {
  const means = meansOf([2, 1000, 0], [2, Number.NaN, 0]);
  const post = { postId: 'p', variant: 'champion', vector: Float32Array.of(2, Number.NaN, 0), score: 0.1 };
  const options = { explanations, listed: features, set, means };
  const told = await explain([post], { ...options, explainerOf, scoreBy: async () => Float32Array.of(0.4) });
  expect(told.get('p')).toEqual([
    { feature: 'followers', value: null, effect: expect.closeTo(-0.3, 6), text: 'followers unknown' },
  ]);
  const gone = await explain([post], { ...options, explainerOf, scoreBy: async () => undefined });
  expect(gone.get('p')).toEqual([]);
});

test('means go on from their snapshot', () => {
  const before = meansOf([1, 2, Number.NaN], [3, 2, 4]);
  const after = createMeans(3, JSON.parse(JSON.stringify(before.snapshot())));
  after.note(Float32Array.of(8, 2, 6));
  expect([0, 1, 2].map(after.of)).toEqual([4, 2, 5]);
});

test('a variant with an explainer is explained by it, and runs no rows', async () => {
  const means = createMeans(3);
  const explainer = { effects: () => Float64Array.of(0.05, -0.3, 0.0001) };
  const reasons = await explain([explained('p', 'champion', 8, 4000, 20)], {
    ...{ explanations, listed: features, set, means },
    explainerOf: (variant) => (variant === 'champion' ? explainer : undefined),
    scoreBy: () => Promise.reject(new Error('nothing is run')),
  });
  expect(reasons.get('p')?.map(({ feature, effect }) => [feature, effect])).toEqual([
    ['followers', -0.3],
    ['minutes', 0.05],
  ]);
});

test('as many reasons are told as the resource says, and by its method', async () => {
  const post = explained('p', 'champion', 8, 4000, 20);
  const options = { listed: features, set, means: meansOf([2, 1000, 0]), scoreBy };
  const explainer = { effects: () => Float64Array.of(0.05, -0.3, 0.02) };
  const told = async (features: number, method: 'Auto' | 'TreeShap' | 'Ablation') => {
    const reasons = await explain([post], {
      ...options,
      explanations: { features, method },
      explainerOf: () => explainer,
    });
    return reasons.get('p')?.map(({ feature }) => feature);
  };
  expect(await told(2, 'TreeShap')).toEqual(['followers', 'minutes']);
  expect(await told(2, 'Ablation')).toEqual(['reposts_10m', 'followers']);
  expect(await told(0, 'Auto')).toEqual([]);
});

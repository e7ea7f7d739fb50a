import { describe, expect, test } from 'vitest';
import { createRandom, seedOf } from './random.ts';

const draws = (draw: () => number, count = 20_000): { mean: number; variance: number } => {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((a, b) => a + b, 0) / count;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / count };
};

describe('random numbers', () => {
  const random = createRandom(seedOf(1, 2, 3));

  test.each([
    { name: 'uniform', draw: () => random.unit(), mean: 0.5, variance: 1 / 12 },
    { name: 'normal', draw: () => random.normal(), mean: 0, variance: 1 },
    { name: 'exponential of mean 3', draw: () => random.exponential(3), mean: 3, variance: 9 },
    { name: 'Poisson of mean 0.2', draw: () => random.poisson(0.2), mean: 0.2, variance: 0.2 },
    { name: 'Poisson of mean 7', draw: () => random.poisson(7), mean: 7, variance: 7 },
    { name: 'Poisson of mean 100', draw: () => random.poisson(100), mean: 100, variance: 100 },
  ])('have the mean and variance of their distribution: $name', ({ draw, mean, variance }) => {
    const seen = draws(draw);
    expect(Math.abs(seen.mean - mean)).toBeLessThan(0.05 * Math.sqrt(variance) + 0.002);
    expect(seen.variance / variance).toBeGreaterThan(0.9);
    expect(seen.variance / variance).toBeLessThan(1.1);
  });

  test('are a function of the seed, and neighbouring seeds have nothing in common', () => {
    const first = (seed: number) => createRandom(seed).unit();
    expect(first(seedOf(5, 6))).toBe(first(seedOf(5, 6)));
    const { mean, variance } = draws(
      (
        (i) => () =>
          first(seedOf(1, i++))
      )(0),
    );
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(variance).toBeGreaterThan(0.08);
  });

  test('know large numbers in a seed apart', () => {
    expect(seedOf(2 ** 40)).not.toBe(seedOf(2 ** 41));
  });
});

import type { RolloutPoint } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { evidencePath } from './evidence-path.ts';

const box = { width: 100, height: 50, inset: 5 };
const point = (at: number, evidence: number): RolloutPoint => ({
  ...{ at, evidence, boundary: 20, labels: 0, share: 10 },
  ...{ difference: null, low: null, high: null },
});

test('evidence that grows rises, and what crossed the boundary is above it', () => {
  const path = evidencePath([point(0, 1), point(10, 10), point(20, 100)], box);
  const heights = [...(path?.line.matchAll(/ ([\d.]+)/g) ?? [])].map(([, y]) => Number(y));
  expect(heights).toEqual([...heights].sort((a, b) => b - a));
  expect(path?.last).toEqual({ x: 95, y: heights[2] });
  expect(path?.boundary).toBeGreaterThan(heights[2] ?? 0);
  expect(path?.boundary).toBeLessThan(heights[1] ?? 0);
});

test('evidence of nothing does not leave the picture', () => {
  const path = evidencePath([point(0, 0), point(10, 0)], box);
  expect(path?.last).toEqual({ x: 95, y: 45 });
});

test('before there is any, nothing is drawn', () => {
  expect(evidencePath([], box)).toBeUndefined();
});

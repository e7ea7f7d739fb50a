import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../test/fuzz/random.ts';
import { createTreeShap } from './tree-shap.ts';
import { marginOf, type Tree } from './trees.ts';

const width = 4;

interface Nodes {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  readonly cover: number[];
  readonly value: number[];
}

/** Features come again on one way down, as they do in deep trees. */
const grow = (random: Random, nodes: Nodes, depth: number): { readonly node: number; readonly cover: number } => {
  const node = nodes.feature.push(-1) - 1;
  nodes.threshold.push(random.below(9) - 4);
  nodes.left.push(-1);
  nodes.right.push(-1);
  nodes.value.push(random.below(100) / 10 - 5);
  nodes.cover.push(1 + random.below(50));
  if (depth === 0 || random.chance(0.15)) return { node, cover: nodes.cover[node] ?? 0 };
  nodes.feature[node] = random.below(width);
  const [left, right] = [grow(random, nodes, depth - 1), grow(random, nodes, depth - 1)];
  nodes.left[node] = left.node;
  nodes.right[node] = right.node;
  nodes.cover[node] = left.cover + right.cover;
  return { node, cover: left.cover + right.cover };
};

const treeOf = (random: Random): Tree => {
  const nodes: Nodes = { feature: [], threshold: [], left: [], right: [], cover: [], value: [] };
  grow(random, nodes, 5);
  return {
    feature: Int32Array.from(nodes.feature),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    cover: Float64Array.from(nodes.cover),
    value: Float64Array.from(nodes.value),
    goesLeft: (node, value) => value < (nodes.threshold[node] ?? 0),
  };
};

/** What the tree gives on average where only the features of the subset are known. */
const expectation = (tree: Tree, row: Float32Array, known: number, node = 0): number => {
  const feature = tree.feature[node]!;
  if (feature === -1) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if ((known & (1 << feature)) !== 0)
    return expectation(tree, row, known, tree.goesLeft(node, row[feature]!) ? left : right);
  const [a, b] = [tree.cover[left]!, tree.cover[right]!];
  return (a * expectation(tree, row, known, left) + b * expectation(tree, row, known, right)) / (a + b);
};

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Shapley's formula, over all subsets. */
const shapley = (tree: Tree, row: Float32Array, feature: number): number => {
  let sum = 0;
  for (let known = 0; known < 1 << width; known++) {
    if ((known & (1 << feature)) !== 0) continue;
    const size = known.toString(2).replaceAll('0', '').length;
    const weight = (factorial(size) * factorial(width - size - 1)) / factorial(width);
    sum += weight * (expectation(tree, row, known | (1 << feature)) - expectation(tree, row, known));
  }
  return sum;
};

test('contributions are the Shapley values of the definition, and add up to the margin', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = createRandom(seed);
    const trees = [treeOf(random), treeOf(random)];
    const ensemble = { trees, bias: 0.5, width };
    const row = Float32Array.from({ length: width }, () => random.below(11) - 5);
    const { of, base } = createTreeShap(ensemble)(row);
    for (const [feature, value] of of.entries())
      expect(value).toBeCloseTo(
        trees.reduce((sum, tree) => sum + shapley(tree, row, feature), 0),
        9,
      );
    expect(base + of.reduce((a, b) => a + b, 0)).toBeCloseTo(marginOf(ensemble, row), 9);
  }
});

import type { Ensemble, Tree } from './trees.ts';

/**
 * The features on the way to a node, each once: how much of the training rows would come by without the feature (`zero`),
 * whether this row does (`one`), and the weights of subsets by their size.
 */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

/** Ways are as long as a tree is deep. */
const maxDepth = 128;
const emptyPath = (): Path => ({
  feature: new Int32Array(maxDepth),
  zero: new Float64Array(maxDepth),
  one: new Float64Array(maxDepth),
  weight: new Float64Array(maxDepth),
});

const copy = (from: Path, to: Path, length: number): void => {
  for (let i = 0; i < length; i++) {
    to.feature[i] = from.feature[i]!;
    to.zero[i] = from.zero[i]!;
    to.one[i] = from.one[i]!;
    to.weight[i] = from.weight[i]!;
  }
};

interface Step {
  readonly feature: number;
  readonly zero: number;
  readonly one: number;
}

const extend = ({ feature, zero, one, weight }: Path, length: number, step: Step): void => {
  feature[length] = step.feature;
  zero[length] = step.zero;
  one[length] = step.one;
  weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[i + 1]! += (step.one * weight[i]! * (i + 1)) / (length + 1);
    weight[i] = (step.zero * weight[i]! * (length - i)) / (length + 1);
  }
};

const unwind = ({ feature, zero, one, weight }: Path, length: number, at: number): void => {
  const [ones, zeros] = [one[at]!, zero[at]!];
  let next = weight[length]!;
  for (let i = length - 1; i >= 0; i--) {
    if (ones !== 0) {
      const before = weight[i]!;
      weight[i] = (next * (length + 1)) / ((i + 1) * ones);
      next = before - (weight[i]! * zeros * (length - i)) / (length + 1);
    } else weight[i] = (weight[i]! * (length + 1)) / (zeros * (length - i));
  }
  for (let i = at; i < length; i++) {
    feature[i] = feature[i + 1]!;
    zero[i] = zero[i + 1]!;
    one[i] = one[i + 1]!;
  }
};

/** Sum of the weights as they would be with the step at `at` unwound. */
const unwoundSum = ({ zero, one, weight }: Path, length: number, at: number): number => {
  const [ones, zeros] = [one[at]!, zero[at]!];
  let next = weight[length]!;
  let total = 0;
  for (let i = length - 1; i >= 0; i--) {
    if (ones !== 0) {
      const part = (next * (length + 1)) / ((i + 1) * ones);
      total += part;
      next = weight[i]! - (part * zeros * (length - i)) / (length + 1);
    } else total += (weight[i]! * (length + 1)) / (zeros * (length - i));
  }
  return total;
};

/** Paths by depth, used again for each tree and row. */
const paths: Path[] = [];
const pathAt = (depth: number): Path => {
  paths[depth] ??= emptyPath();
  return paths[depth]!;
};

interface Walk {
  readonly tree: Tree;
  readonly row: Float32Array;
  readonly into: Float64Array;
}

const walk = (
  given: Walk,
  node: number,
  { depth, length, step }: { depth: number; length: number; step: Step },
): void => {
  const { tree, row, into } = given;
  const path = pathAt(depth);
  if (depth > 0) copy(pathAt(depth - 1), path, length);
  extend(path, length, step);
  const feature = tree.feature[node]!;
  if (feature === -1) {
    for (let i = 1; i <= length; i++) {
      const share = unwoundSum(path, length, i) * (path.one[i]! - path.zero[i]!);
      into[path.feature[i]!]! += share * tree.value[node]!;
    }
    return;
  }
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const [hot, cold] = tree.goesLeft(node, row[feature] ?? Number.NaN) ? [left, right] : [right, left];
  let [zero, one, end] = [1, 1, length + 1];
  // A feature that was on the way before counts once.
  for (let i = 1; i <= length; i++)
    if (path.feature[i] === feature) {
      [zero, one] = [path.zero[i]!, path.one[i]!];
      unwind(path, length, i);
      end = length;
      break;
    }
  const cover = tree.cover[node]!;
  const enter = (child: number, ones: number): void => {
    const next = { feature, zero: (zero * tree.cover[child]!) / cover, one: ones };
    walk(given, child, { depth: depth + 1, length: end, step: next });
  };
  enter(hot, one);
  enter(cold, 0);
};

/** What a tree gives on average over its training rows. */
const meanOf = (tree: Tree, node = 0): number => {
  if (tree.feature[node] === -1) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const [a, b] = [tree.cover[left]!, tree.cover[right]!];
  return (a * meanOf(tree, left) + b * meanOf(tree, right)) / (a + b);
};

export interface Contributions {
  /** By feature, in the unit of the margin (log-odds); with `base` they add up to the row's margin. */
  readonly of: Float64Array;
  /** The margin where nothing is known. */
  readonly base: number;
}

/**
 * Exact Shapley values of a row, path-dependent (Lundberg, Erion and Lee, Consistent Individualized Feature Attribution for
 * Tree Ensembles, 2018, algorithm 2), as `pred_contribs` of XGBoost and `pred_contrib` of LightGBM give them.
 */
export const createTreeShap = (ensemble: Ensemble): ((row: Float32Array) => Contributions) => {
  const base = ensemble.bias + ensemble.trees.reduce((sum, tree) => sum + meanOf(tree), 0);
  const root = { feature: -1, zero: 1, one: 1 };
  return (row) => {
    const into = new Float64Array(ensemble.width);
    for (const tree of ensemble.trees) walk({ tree, row, into }, 0, { depth: 0, length: 0, step: root });
    return { of: into, base };
  };
};

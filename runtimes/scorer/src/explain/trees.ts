/** One tree, its nodes and leaves in arrays; node 0 is the root. */
export interface Tree {
  /** Feature of a node; -1 in a leaf. */
  readonly feature: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Weight of the training rows that came by. */
  readonly cover: Float64Array;
  /** Of a leaf: what it adds to the margin. */
  readonly value: Float64Array;
  /** Whether a value goes left at a node. */
  readonly goesLeft: (node: number, value: number) => boolean;
}

/** An ensemble whose trees add up to a margin: the log-odds of the positive class. */
export interface Ensemble {
  readonly trees: readonly Tree[];
  /** Added to the sum of the trees. */
  readonly bias: number;
  /** Length of a row. */
  readonly width: number;
}

/** The file is no ensemble that contributions can be computed of. */
export class UnknownEnsembleError extends Error {
  override readonly name = 'UnknownEnsembleError';
}

/** The margin of a row. */
export const marginOf = ({ trees, bias }: Ensemble, row: Float32Array): number => {
  let sum = bias;
  for (const { feature, left, right, value, goesLeft } of trees) {
    let node = 0;
    for (let at = feature[node] ?? -1; at !== -1; at = feature[node] ?? -1)
      node = (goesLeft(node, row[at] ?? Number.NaN) ? left[node] : right[node]) ?? 0;
    sum += value[node] ?? 0;
  }
  return sum;
};

import { type Ensemble, type Tree, UnknownEnsembleError } from './trees.ts';

type Fields = ReadonlyMap<string, string>;

const fieldsOf = (block: string): Fields =>
  new Map(
    block.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );

/** What `Booster.save_model('….txt')` writes, of a binary classifier. @throws UnknownEnsembleError */
export const readLightgbm = (text: string): Ensemble => {
  const [head = '', ...blocks] = text.split(/^Tree=\d+$/m);
  const fields = fieldsOf(head);
  if (!text.startsWith('tree\n') || blocks.length === 0)
    throw new UnknownEnsembleError('it is no model of LightGBM in text, one as save_model writes it is needed');
  const objective = fields.get('objective') ?? '';
  if (!/^binary sigmoid:1$/.test(objective) || head.includes('average_output'))
    throw new UnknownEnsembleError(`its objective is "${objective}", boosting with "binary sigmoid:1" is needed`);
  return { trees: blocks.map(treeOf), bias: 0, width: Number(fields.get('max_feature_idx')) + 1 };
};

/** As C++ writes it: a threshold that divides what is there from what is missing is "inf". */
const numberOf = (text: string): number =>
  /inf$/.test(text) ? Number(`${text}inity`.replace('inf', 'Inf')) : Number(text);

const listOf = (fields: Fields, name: string): readonly number[] => {
  const text = fields.get(name) ?? '';
  return text === '' ? [] : text.split(' ').map(numberOf);
};

/** What LightGBM takes for zero. */
const zero = 1e-35;
const [missingZero, missingNan] = [1, 2];

/** Nodes come first, then leaves, which LightGBM counts by themselves and points to by the complement. */
const treeOf = (block: string): Tree => {
  const fields = fieldsOf(block.split('\nend of trees')[0] ?? '');
  const features = listOf(fields, 'split_feature');
  const threshold = listOf(fields, 'threshold');
  const kinds = listOf(fields, 'decision_type');
  if (kinds.some((kind) => (kind & 1) !== 0))
    throw new UnknownEnsembleError('it splits by categories, thresholds are needed');
  const nodes = features.length;
  const place = (child: number): number => (child >= 0 ? child : nodes + ~child);
  const leaves = listOf(fields, 'leaf_value');
  const none = leaves.map(() => -1);
  return {
    feature: Int32Array.from([...features, ...none]),
    left: Int32Array.from([...listOf(fields, 'left_child').map(place), ...none]),
    right: Int32Array.from([...listOf(fields, 'right_child').map(place), ...none]),
    cover: Float64Array.from([...listOf(fields, 'internal_count'), ...listOf(fields, 'leaf_count')]),
    value: Float64Array.from([...features.map(() => 0), ...leaves]),
    goesLeft: (node, given) => {
      const kind = kinds[node] ?? 0;
      const missing = (kind >> 2) & 3;
      const value = Number.isNaN(given) && missing !== missingNan ? 0 : given;
      const isMissing =
        missing === missingNan ? Number.isNaN(value) : missing === missingZero && Math.abs(value) <= zero;
      return isMissing ? (kind & 2) !== 0 : value <= (threshold[node] ?? Number.NaN);
    },
  };
};

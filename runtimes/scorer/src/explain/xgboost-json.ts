import { z } from 'zod';
import { type Ensemble, type Tree, UnknownEnsembleError } from './trees.ts';

const numbers = z.array(z.number());
const JsonTree = z.object({
  left_children: numbers,
  right_children: numbers,
  split_indices: numbers,
  split_conditions: numbers,
  default_left: numbers,
  sum_hessian: numbers,
  split_type: numbers.optional(),
});
const Model = z.object({
  learner: z.object({
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({ base_score: z.string(), num_feature: z.string() }),
    gradient_booster: z.object({
      name: z.literal('gbtree'),
      model: z.object({ trees: z.array(JsonTree) }),
    }),
  }),
});

/** What `Booster.save_model('….json')` writes, of a binary classifier. @throws UnknownEnsembleError */
export const readXgboost = (text: string): Ensemble => {
  const parsed = Model.safeParse(parse(text));
  if (!parsed.success)
    throw new UnknownEnsembleError('it is no tree model of XGBoost in JSON, one as save_model writes it is needed');
  const { objective, learner_model_param: params, gradient_booster: booster } = parsed.data.learner;
  if (objective.name !== 'binary:logistic')
    throw new UnknownEnsembleError(`its objective is "${objective.name}", "binary:logistic" is needed`);
  const base = Number(params.base_score.replace(/[[\]]/g, ''));
  return {
    trees: booster.model.trees.map(treeOf),
    bias: Math.log(base / (1 - base)),
    width: Number(params.num_feature),
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const treeOf = (tree: z.output<typeof JsonTree>): Tree => {
  if (tree.split_type?.some((type) => type !== 0))
    throw new UnknownEnsembleError('it splits by categories, thresholds are needed');
  const left = Int32Array.from(tree.left_children);
  // Leaves have their value where other nodes have their threshold; both are float32.
  const threshold = Float32Array.from(tree.split_conditions);
  return {
    feature: Int32Array.from(tree.split_indices, (feature, node) => (left[node] === -1 ? -1 : feature)),
    left,
    right: Int32Array.from(tree.right_children),
    cover: Float64Array.from(tree.sum_hessian),
    value: Float64Array.from(threshold),
    goesLeft: (node, value) =>
      Number.isNaN(value) ? tree.default_left[node] === 1 : value < (threshold[node] ?? Number.NaN),
  };
};

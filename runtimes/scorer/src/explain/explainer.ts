import { readLightgbm } from './lightgbm-text.ts';
import { type Contributions, createTreeShap } from './tree-shap.ts';
import { type Ensemble, marginOf, UnknownEnsembleError } from './trees.ts';
import { readXgboost } from './xgboost-json.ts';

/** Says exactly what each feature added to a score. */
export interface Explainer {
  /** Length of a row. */
  readonly width: number;
  /** The probability of a row, for comparison with that of the ONNX file. */
  score(row: Float32Array): number;
  /** By feature, in probability: they add up to the score minus that of a post of which nothing is known. Takes milliseconds. */
  effects(row: Float32Array): Float64Array;
}

const probability = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** Contributions are in log-odds; each gets its share of what they are together in probability. */
const inProbability = ({ of, base }: Contributions): Float64Array => {
  const total = of.reduce((sum, each) => sum + each, 0);
  const [from, to] = [probability(base), probability(base + total)];
  // Where they cancel out, the slope of the curve there.
  const scale = Math.abs(total) < 1e-9 ? from * (1 - from) : (to - from) / total;
  return of.map((each) => each * scale);
};

/** @throws UnknownEnsembleError where the bytes are no model of XGBoost (JSON) or LightGBM (text) that it knows */
export const createExplainer = (bytes: Uint8Array): Explainer => {
  const text = Buffer.from(bytes).toString('utf8');
  const ensemble: Ensemble = text.startsWith('tree\n') ? readLightgbm(text) : readXgboost(text);
  const contributions = createTreeShap(ensemble);
  return {
    width: ensemble.width,
    score: (row) => probability(marginOf(ensemble, row)),
    effects: (row) => inProbability(contributions(row)),
  };
};

export { UnknownEnsembleError };

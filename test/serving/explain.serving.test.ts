import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLightgbm } from '../../runtimes/scorer/src/explain/lightgbm-text.ts';
import { createTreeShap } from '../../runtimes/scorer/src/explain/tree-shap.ts';
import { marginOf } from '../../runtimes/scorer/src/explain/trees.ts';
import { readXgboost } from '../../runtimes/scorer/src/explain/xgboost-json.ts';
import { servingModels } from './models.ts';

const models = servingModels();
const width = 32;

interface Known {
  readonly inputs: { readonly input: { readonly values: readonly (number | null)[] } };
  readonly contributions: readonly number[];
}

test.each([
  // The library sums in float32.
  ['xgboost', 'xgboost.native.json', readXgboost, 1e-5],
  ['lightgbm', 'lightgbm.native.txt', readLightgbm, 1e-12],
] as const)(
  'contributions of features are those of %s itself, and add up to its margin',
  (name, file, read, tolerance) => {
    const ensemble = read(readFileSync(join(models, file), 'utf8'));
    const known = JSON.parse(readFileSync(join(models, `${name}.json`), 'utf8')) as Known;
    const shap = createTreeShap(ensemble);
    const { values } = known.inputs.input;
    const rows = values.length / width;
    let [worst, unexplained] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const vector = Float32Array.from(values.slice(row * width, (row + 1) * width), (value) => value ?? Number.NaN);
      const { of, base } = shap(vector);
      const wanted = known.contributions.slice(row * (width + 1), (row + 1) * (width + 1));
      for (const [i, value] of [...of, base].entries()) worst = Math.max(worst, Math.abs(value - (wanted[i] ?? NaN)));
      unexplained = Math.max(unexplained, Math.abs(marginOf(ensemble, vector) - base - of.reduce((a, b) => a + b, 0)));
    }
    expect(rows).toBe(200);
    expect(worst).toBeLessThan(tolerance);
    expect(unexplained).toBeLessThan(1e-6);
  },
);

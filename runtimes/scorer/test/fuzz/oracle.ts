import { classified } from '../builders.ts';

/** A tensor as an oracle reads it: every value as the number, bigint or text that it is. */
export interface PlainTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | bigint | string)[];
}

/** What the two models of the fuzz test answer, from their formulas. */
export const expectedOf = (model: string, inputs: readonly PlainTensor[]): readonly PlainTensor[] => {
  if (model === 'echo') return inputs.map((input) => ({ ...input, name: `same_${input.name}` }));
  const [{ shape: [rows = 0] = [], values = [] } = {}] = inputs as [PlainTensor?];
  const probabilities = Array.from({ length: rows }, (_, row) => {
    const [minutes = 0, followers = 0, reposts = 0] = values
      .slice(3 * row, 3 * row + 3)
      .map((value) => (Number.isNaN(value) ? 0 : Number(value)));
    const positive = classified(minutes, followers, reposts);
    return [1 - positive, positive];
  });
  return [
    { name: 'probabilities', datatype: 'FP32', shape: [rows, 2], values: probabilities.flat() },
    {
      name: 'label',
      datatype: 'INT64',
      shape: [rows],
      values: probabilities.map(([, positive = 0]) => (positive > 0.5 ? 1n : 0n)),
    },
  ];
};

const isClose = (got: unknown, wanted: number | bigint | string): boolean => {
  if (typeof wanted !== 'number') return got === wanted;
  // Sums with infinite or huge terms are the model's business.
  if (Number.isNaN(wanted)) return true;
  return typeof got === 'number' && (got === wanted || Math.abs(got - wanted) <= 1e-4);
};

const isUncertain = (model: string, inputs: readonly PlainTensor[]): boolean =>
  model === 'classifier' && inputs.some(({ values }) => values.some((value) => Math.abs(Number(value)) > 1e6));

/** Undefined where the answer is right, else what is wrong with it. */
export const wrongIn = (
  model: string,
  inputs: readonly PlainTensor[],
  outputs: readonly PlainTensor[],
): string | undefined => {
  const expected = expectedOf(model, inputs);
  for (const { name, datatype, shape, values } of outputs) {
    const wanted = expected.find((each) => each.name === name);
    if (wanted === undefined) return `there is no output "${name}"`;
    if (datatype !== wanted.datatype) return `"${name}" is ${datatype} for ${wanted.datatype}`;
    if (shape.join() !== wanted.shape.join()) return `"${name}" is [${shape}] for [${wanted.shape}]`;
    if (values.length !== wanted.values.length) return `"${name}" has ${values.length} values`;
    if (isUncertain(model, inputs)) continue;
    const place = wanted.values.findIndex((value, i) => !isClose(values[i], value));
    // A label may fall either way where the odds are even.
    if (place === -1 || (datatype === 'INT64' && model === 'classifier')) continue;
    return `"${name}" has ${String(values[place])} at ${place} for ${String(wanted.values[place])}`;
  }
  return outputs.length === 0 ? 'there are no outputs' : undefined;
};

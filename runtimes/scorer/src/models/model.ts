import type { Variant } from '@groundswell/graph';
import type { InferenceSession } from 'onnxruntime-node';
import { ModelRefusedError, readArtifact } from './artifact.ts';

/** An ONNX model, warm and in agreement with the feature list. */
export interface Model {
  /** sha256 of the file, hex. */
  readonly digest: string;
  /**
   * One run of ONNX Runtime. It blocks the event loop while it computes, so callers keep it short.
   *
   * @param rows  float32, row-major, `[count, width]`; must not be written to before this resolves
   * @returns `[count]`, probabilities in 0..1; NaN where the model gave something else
   */
  run(rows: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Where relative paths begin. */
  readonly directory: string;
  /** Of the vector. */
  readonly width: number;
  /** A vector of which everything is missing (FeatureSet). */
  readonly missing: Float32Array;
}

/** Loads, checks and warms up a variant's model. @throws ModelRefusedError saying what the model is and what is needed */
export const loadModel = async (variant: Variant, { directory, width, missing }: LoadOptions): Promise<Model> => {
  const bytes = await readArtifact(variant, directory);
  const session = await openSession(variant.name, bytes);
  try {
    const input = inputOf(variant.name, session, width);
    const output = outputOf(variant.name, session);
    const model = await modelOf(session, { input, output, width, digest: variant.artifact.sha256.toLowerCase() });
    await warmUp(variant.name, model, missing);
    return model;
  } catch (error) {
    await session.release();
    throw error;
  }
};

/** Imported here, so that a start without models does not load 45 MB of native code. */
const openSession = async (variant: string, bytes: Uint8Array): Promise<InferenceSession> => {
  const { InferenceSession: sessions } = await import('onnxruntime-node');
  try {
    return await sessions.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 });
  } catch (cause) {
    const problem = `ONNX Runtime does not take the file (${firstLine(cause)}), an ONNX model is needed`;
    throw new ModelRefusedError(variant, problem, { cause });
  }
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The name of the one input, float32 `[rows, width]`. */
const inputOf = (variant: string, session: InferenceSession, width: number): string => {
  const [input, ...others] = session.inputMetadata;
  if (input === undefined || others.length > 0)
    throw new ModelRefusedError(variant, `the model has ${session.inputNames.length} inputs, one is needed`);
  if (!input.isTensor || input.type !== 'float32') {
    const type = input.isTensor ? input.type : 'no tensor';
    throw new ModelRefusedError(variant, `the model's input "${input.name}" is ${type}, float32 is needed`);
  }
  const [, columns] = input.shape;
  if (input.shape.length !== 2) {
    const problem = `the model's input "${input.name}" has ${input.shape.length} dimensions, [rows, features] is needed`;
    throw new ModelRefusedError(variant, problem);
  }
  if (typeof columns === 'number' && columns !== width) {
    const problem = `the model takes ${columns} features, the resource lists ${width}; train it on this list, or list what it was trained on`;
    throw new ModelRefusedError(variant, problem);
  }
  return input.name;
};

interface Output {
  readonly name: string;
  /** Values in a row; the last is the probability of the positive class. */
  readonly columns: number;
}

/** The output with the probability: float `[rows]`, `[rows, 1]`, or `[rows, 2]` for both classes. */
const outputOf = (variant: string, session: InferenceSession): Output => {
  const columnsOf = (meta: InferenceSession.ValueMetadata): number | undefined => {
    if (!meta.isTensor || meta.type !== 'float32') return undefined;
    const columns = meta.shape.length === 1 ? 1 : meta.shape[1];
    return meta.shape.length <= 2 && (columns === 1 || columns === 2) ? columns : undefined;
  };
  const candidates = session.outputMetadata.flatMap((meta) => {
    const columns = columnsOf(meta);
    return columns === undefined ? [] : [{ name: meta.name, columns }];
  });
  const chosen = candidates.find(({ name }) => name === 'probabilities') ?? candidates[0];
  if (chosen !== undefined) return chosen;
  const described = session.outputMetadata.map((meta) => `"${meta.name}" ${describe(meta)}`).join(', ');
  const problem = `the model's outputs are ${described}; a probability is needed, float32 [rows], [rows, 1] or [rows, 2]`;
  throw new ModelRefusedError(variant, problem);
};

const describe = (meta: InferenceSession.ValueMetadata): string =>
  meta.isTensor ? `${meta.type} [${meta.shape.join(', ')}]` : '(maps; export without ZipMap)';

interface Checked {
  readonly input: string;
  readonly output: Output;
  readonly width: number;
  readonly digest: string;
}

const modelOf = async (session: InferenceSession, checked: Checked): Promise<Model> => {
  const { input, output, width, digest } = checked;
  const { Tensor } = await import('onnxruntime-node');
  const wanted = [output.name];
  return {
    digest,
    run: async (rows, count) => {
      const results = await session.run({ [input]: new Tensor('float32', rows, [count, width]) }, wanted);
      return probabilitiesOf(results[output.name]?.data as Float32Array, output.columns);
    },
    close: () => session.release(),
  };
};

/** Sums of many float32 leaves may pass 1 by so much. */
const rounding = 1e-5;

const probabilitiesOf = (values: Float32Array, columns: number): Float32Array => {
  const probabilities = new Float32Array(values.length / columns);
  for (let i = 0; i < probabilities.length; i++) {
    const value = values[(i + 1) * columns - 1] ?? Number.NaN;
    const isProbability = value >= -rounding && value <= 1 + rounding;
    probabilities[i] = isProbability ? Math.min(Math.max(value, 0), 1) : Number.NaN;
  }
  return probabilities;
};

/** The first run is slow, and shows what the file does not say. One row of zeros, one of which everything is missing. */
const warmUp = async (variant: string, model: Model, missing: Float32Array): Promise<void> => {
  const width = missing.length;
  const rows = new Float32Array(2 * width);
  rows.set(missing, width);
  const [zeros = Number.NaN, empty = Number.NaN] = await model.run(rows, 2).catch((cause: unknown) => {
    const problem = `the model does not run on ${width} features (${firstLine(cause)}); train it on the features that the resource lists`;
    throw new ModelRefusedError(variant, problem, { cause });
  });
  if (Number.isNaN(zeros))
    throw new ModelRefusedError(variant, 'the model does not answer with a probability in 0..1, one is needed');
  if (!Number.isNaN(empty)) return;
  const problem =
    'the model gives no probability where features are missing; give them a default, or train a model that takes missing values';
  throw new ModelRefusedError(variant, problem);
};

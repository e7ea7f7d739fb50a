import { type ArtifactAccess, FetchError, readArtifact, readCardOf } from '@groundswell/artifacts';
import type { Variant } from '@groundswell/graph';
import type { ModelTraining } from '@groundswell/wire';
import { type Summary, summaryOf, trainingOf } from '../drift/card.ts';
import { createExplainer, type Explainer, UnknownEnsembleError } from '../explain/explainer.ts';
import type { TensorSpec } from '../oip/tensor.ts';
import { described } from '../oip/tensor.ts';
import { createExecutor, type Executor, type Limits } from './executor.ts';
import { isBatchable, madeUp } from './probe.ts';
import { ModelRefusedError } from './refused.ts';
import { openSession, type Session } from './session.ts';

/** An ONNX model, warm and in agreement with the feature list. */
export interface Model {
  /** sha256 of the file, hex. */
  readonly digest: string;
  /** Runs it, for whichever door. */
  readonly executor: Executor;
  /**
   * Scores rows, together with whatever else waits for the model.
   *
   * @param rows  float32, row-major, `[count, width]`; must not be written to before this resolves
   * @returns `[count]`, probabilities in 0..1; NaN where the model gave something else
   */
  run(rows: Float32Array, count: number, request?: RunOptions): Promise<Float32Array>;
  /** Of models whose artifact has one. */
  readonly explainer: Explainer | undefined;
  /** What its training looked like, where a card lies beside it. */
  readonly summary: Summary | undefined;
  /** All that the card says, for people. */
  readonly training: ModelTraining | undefined;
  close(): Promise<void>;
}

/** Of a request that does not wait for ever. */
export interface RunOptions {
  readonly deadline?: number;
  readonly isCancelled?: () => boolean;
}

export interface LoadOptions extends ArtifactAccess {
  /** Of the vector. */
  readonly width: number;
  /** A vector of which everything is missing (FeatureSet). */
  readonly missing: Float32Array;
  readonly limits: Limits;
  /** Threads of one run. */
  readonly threads: number;
  /** Runs on made-up rows before it answers. */
  readonly warmUpRuns: number;
  /** Called for each run of ONNX Runtime. */
  readonly onRun: (run: { readonly rows: number; readonly seconds: number }) => void;
}

/** Loads, checks and warms up a variant's model. @throws ModelRefusedError saying what the model is and what is needed */
export const loadModel = async (variant: Variant, options: LoadOptions): Promise<Model> => {
  const { width, missing, threads } = options;
  const artifact = await readArtifact(variant.artifact, options).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error;
    const { message, isTransient } = error;
    throw new ModelRefusedError(variant.name, message, { cause: error, isTransient });
  });
  const card = await readCardOf(variant.artifact, options);
  const session = await openSession(artifact.model, { threads }).catch((cause: unknown) => {
    const problem = `ONNX Runtime does not take the file (${firstLine(cause)}), an ONNX model is needed`;
    throw new ModelRefusedError(variant.name, problem, { cause });
  });
  try {
    const input = inputOf(variant.name, session, width);
    const output = outputOf(variant, session);
    const explainer = explainerOf(variant.name, artifact.explainer, width);
    const checked = {
      session,
      input,
      output,
      width,
      digest: variant.artifact.sha256.toLowerCase(),
      explainer,
      summary: summaryOf(card),
      training: trainingOf(card),
    };
    await checkScores(
      variant.name,
      modelOf(checked, executorOf(checked, true, { ...options, onRun: () => undefined })),
      missing,
    );
    const executor = executorOf(checked, await isBatchable(session, width), options);
    await warmUp(session, options);
    const model = modelOf(checked, executor);
    await checkExplainer(variant.name, model, missing);
    return model;
  } catch (error) {
    await session.close();
    throw error;
  }
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The name of the one input, float32 `[rows, width]`. */
const inputOf = (variant: string, session: Session, width: number): string => {
  const [input, ...others] = session.inputs;
  if (input === undefined || others.length > 0)
    throw new ModelRefusedError(variant, `the model has ${session.inputs.length} inputs, one is needed`);
  if (input.datatype !== 'FP32')
    throw new ModelRefusedError(variant, `the model's input "${input.name}" is ${input.datatype}, FP32 is needed`);
  const [, columns] = input.shape;
  if (input.shape.length !== 2) {
    const problem = `the model's input "${input.name}" has ${input.shape.length} dimensions, [rows, features] is needed`;
    throw new ModelRefusedError(variant, problem);
  }
  if (columns !== -1 && columns !== width) {
    const problem = `the model takes ${columns} features, the resource lists ${width}; train it on this list, or list what it was trained on`;
    throw new ModelRefusedError(variant, problem);
  }
  return input.name;
};

interface Output {
  readonly name: string;
  /** Values in a row. */
  readonly columns: number;
  /** Which of them is the score. */
  readonly column: number;
}

/** The output with the probability: float `[rows]`, `[rows, 1]`, or `[rows, classes]` with that of the positive class. */
const outputOf = (variant: Variant, session: Session): Output => {
  const { name: ownName, output: named, positiveClass } = variant;
  const candidates = session.outputs.flatMap((spec): readonly Output[] => {
    const columns = spec.shape.length === 1 ? 1 : spec.shape[1];
    if (spec.datatype !== 'FP32' || spec.shape.length > 2 || columns === undefined || spec.shape.length === 0)
      return [];
    // Where classes are left open, as ZipMap leaves them, the first run shows how many there are.
    const column = columns === 1 ? 0 : positiveClass;
    return columns === -1 || column < columns ? [{ name: spec.name, columns, column }] : [];
  });
  const chosen =
    named === undefined
      ? (candidates.find(({ name }) => name === 'probabilities') ?? candidates[0])
      : candidates.find(({ name }) => name === named);
  if (chosen !== undefined) return chosen;
  const wanted = named === undefined ? 'a probability is needed' : `"${named}" is needed to be a probability`;
  const problem = `the model's outputs are ${outputsOf(session.outputs)}; ${wanted}, FP32 [rows], [rows, 1] or [rows, classes] with class ${positiveClass}`;
  throw new ModelRefusedError(ownName, problem);
};

const outputsOf = (outputs: readonly TensorSpec[]): string =>
  outputs.map((output) => `"${output.name}" ${described(output)}`).join(', ');

interface Checked {
  readonly session: Session;
  readonly input: string;
  readonly output: Output;
  readonly width: number;
  readonly digest: string;
  readonly explainer: Explainer | undefined;
  readonly summary: Summary | undefined;
  readonly training: ModelTraining | undefined;
}

const executorOf = ({ session }: Checked, batchable: boolean, { limits, onRun }: LoadOptions): Executor =>
  createExecutor({ session, isBatchable: batchable, limits, onRun });

const modelOf = ({ input, output, width, ...known }: Checked, executor: Executor): Model => {
  const { digest, explainer, summary, training } = known;
  const outputs = [output.name];
  return {
    digest,
    explainer,
    summary,
    training,
    executor,
    run: async (rows, count, request) => {
      const inputs = [{ name: input, datatype: 'FP32' as const, shape: [count, width], data: rows }];
      const [scores] = await executor.submit({ inputs, outputs, ...request });
      return probabilitiesOf(scores?.data as Float32Array, count, output.column);
    },
    close: executor.close,
  };
};

/** Sums of many float32 leaves may pass 1 by so much. */
const rounding = 1e-5;

const probabilitiesOf = (values: Float32Array, count: number, column: number): Float32Array => {
  const columns = values.length / count;
  const probabilities = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = column < columns ? (values[i * columns + column] ?? Number.NaN) : Number.NaN;
    const isProbability = value >= -rounding && value <= 1 + rounding;
    probabilities[i] = isProbability ? Math.min(Math.max(value, 0), 1) : Number.NaN;
  }
  return probabilities;
};

/** The first run shows what the file does not say. One row of zeros, one of which everything is missing. */
const checkScores = async (variant: string, model: Model, missing: Float32Array): Promise<void> => {
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

const explainerOf = (variant: string, bytes: Uint8Array | undefined, width: number): Explainer | undefined => {
  if (bytes === undefined) return undefined;
  try {
    const explainer = createExplainer(bytes);
    if (explainer.width === width) return explainer;
    throw new UnknownEnsembleError(`it takes ${explainer.width} features, the resource lists ${width}`);
  } catch (cause) {
    if (!(cause instanceof UnknownEnsembleError)) throw cause;
    throw new ModelRefusedError(variant, `its explainer explains nothing: ${cause.message}`, { cause });
  }
};

/** float32 sums of hundreds of leaves in another order, and the converter's thresholds. */
const parity = 1e-3;

/** An explainer of another model would tell tales: both must score rows alike. */
const checkExplainer = async (variant: string, { explainer, run }: Model, missing: Float32Array): Promise<void> => {
  if (explainer === undefined) return;
  const rows = [missing, ...[0, 0.37, -1, 1000].map((step) => missing.map((_, i) => step * (i + 1)))];
  for (const row of rows) {
    const [score = Number.NaN] = await run(row, 1);
    const explained = explainer.score(row);
    if (Math.abs(score - explained) <= parity) continue;
    const problem = `its explainer gives ${explained.toFixed(4)} where the ONNX file gives ${score.toFixed(4)}, the native model of the same training is needed`;
    throw new ModelRefusedError(variant, problem);
  }
};

/** First runs are slow: ONNX Runtime makes its plans and takes its memory for each size. */
const warmUp = async (session: Session, { warmUpRuns, limits, width }: LoadOptions): Promise<void> => {
  const names = session.outputs.map(({ name }) => name);
  for (let run = 0; run < warmUpRuns; run++)
    await session.run(madeUp(session, run % 2 === 0 ? 1 : limits.maxRows, width), names);
};

import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import {
  type DataType,
  dataTypeOfOnnx,
  dataTypes,
  type Tensor,
  type TensorData,
  type TensorSpec,
} from '../oip/tensor.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';
import { withoutZipMaps } from './zip-map.ts';

/** An ONNX model in ONNX Runtime: tensors in, tensors out. The only file that knows its types. */
export interface Session {
  readonly inputs: readonly TensorSpec[];
  /** Those that are tensors. */
  readonly outputs: readonly TensorSpec[];
  /** What it made the process grow by when it was loaded, bytes; at least the size of its file. */
  readonly memory: number;
  /**
   * One run. It blocks the event loop while it computes, from the next turn on; inputs must not be written to before this
   * resolves.
   *
   * @param wanted  names of outputs
   * @returns the outputs, in the order of `wanted`
   * @throws Error in the words of ONNX Runtime
   */
  run(inputs: readonly Tensor[], wanted: readonly string[]): Promise<readonly Tensor[]>;
  close(): Promise<void>;
}

/** @throws Error where ONNX Runtime does not take the file, or no input or output is a tensor that it knows */
export const openSession = async (file: Uint8Array, { threads }: { readonly threads: number }): Promise<Session> => {
  const { InferenceSession: sessions } = await loadOnnxRuntime();
  const before = process.memoryUsage.rss();
  const session = await sessions.create(withoutZipMaps(file), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // What fails is said by whoever asked.
    logSeverityLevel: 4,
  });
  const specs = (metadata: readonly InferenceSession.ValueMetadata[]) => metadata.flatMap(specOf);
  return {
    inputs: specs(session.inputMetadata),
    outputs: specs(session.outputMetadata),
    memory: Math.max(file.length, process.memoryUsage.rss() - before),
    run: async (inputs, wanted) => {
      const feeds: Record<string, OnnxTensor> = {};
      for (const input of inputs) feeds[input.name] = onnxOf(input);
      const results = await session.run(feeds, wanted);
      return wanted.map((name) => tensorOf(name, results[name]));
    },
    close: () => session.release(),
  };
};

/**
 * The binding reads only these, so no Tensor is made, which would check what is checked already. It does not know the
 * arrays of half floats either, and takes their bits.
 */
const onnxOf = ({ datatype, data, shape }: Tensor): OnnxTensor => {
  const values = data instanceof Float16Array ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { type: dataTypes[datatype].onnx, data: values, dims: shape, location: 'cpu' } as unknown as OnnxTensor;
};

const specOf = (meta: InferenceSession.ValueMetadata): readonly TensorSpec[] => {
  if (!meta.isTensor) return [];
  const datatype = dataTypeOfOnnx(meta.type);
  if (datatype === undefined) return [];
  return [{ name: meta.name, datatype, shape: meta.shape.map((length) => (typeof length === 'number' ? length : -1)) }];
};

const tensorOf = (name: string, result: OnnxTensor | undefined): Tensor => {
  const datatype: DataType | undefined = result && dataTypeOfOnnx(result.type);
  if (result === undefined || datatype === undefined) throw new Error(`the output "${name}" is no tensor`);
  return { name, datatype, shape: result.dims, data: result.data as TensorData };
};

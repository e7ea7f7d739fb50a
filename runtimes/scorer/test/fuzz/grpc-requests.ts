import { decodeBy, encodeBy } from '../proto.ts';
import type { PlainTensor } from './oracle.ts';
import type { Random } from './random.ts';
import { type Asked, rawOf, valuesOfRaw } from './tensors.ts';

const contents: Readonly<Record<string, string>> = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

const contentsOf = ({ datatype, values }: PlainTensor): object => {
  if (datatype === 'BOOL') return { bool_contents: values.map((value) => value === 1) };
  if (datatype === 'BYTES') return { bytes_contents: values.map((value) => Buffer.from(String(value))) };
  const plain = values.map((value) => (typeof value === 'bigint' ? longOf(value) : value));
  return { [contents[datatype] ?? '']: plain };
};

/** As protobufjs takes 64 bits without a package for them. */
const longOf = (value: bigint) => ({
  low: Number(BigInt.asIntN(32, value)),
  high: Number(BigInt.asIntN(32, value >> 32n)),
  unsigned: value > 2n ** 63n,
});

/** A ModelInferRequest; raw, or typed where its types allow. */
export const grpcMessage = (random: Random, { model, inputs }: Asked): Buffer => {
  const raw = random.chance(0.5) || inputs.some(({ datatype }) => datatype === 'FP16');
  const message = encodeBy('ModelInferRequest', {
    model_name: model,
    ...(random.chance(0.3) && { id: 'some id' }),
    inputs: inputs.map((input) => ({
      ...{ name: input.name, datatype: input.datatype, shape: input.shape },
      ...(!raw && { contents: contentsOf(input) }),
    })),
    ...(raw && { raw_input_contents: inputs.map(rawOf) }),
  });
  return Buffer.from(message);
};

interface DecodedTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly string[];
  readonly contents?: Readonly<Record<string, readonly unknown[]>>;
}

const tensorsOf = (tensors: readonly DecodedTensor[], raw: readonly (readonly number[])[]): readonly PlainTensor[] =>
  tensors.map(({ name, datatype, shape, contents: typed }, i) => {
    const bytes = raw[i];
    const given = typed?.[contents[datatype] ?? ''] ?? [];
    const values = bytes !== undefined ? valuesOfRaw(datatype, Uint8Array.from(bytes)) : given.map(plainOf(datatype));
    const isFlag = bytes !== undefined && datatype === 'BOOL';
    return {
      ...{ name, datatype, shape: shape.map(Number) },
      values: isFlag ? values.map((value) => (value === 0 ? 0 : 1)) : values,
    };
  });

const plainOf =
  (datatype: string) =>
  (value: unknown): number | bigint | string => {
    if (datatype === 'BOOL') return value === true ? 1 : 0;
    if (datatype === 'BYTES') return Buffer.from(value as number[]).toString('utf8');
    if (datatype === 'INT64') return BigInt.asIntN(64, BigInt(value as string));
    if (datatype === 'UINT64') return BigInt.asUintN(64, BigInt(value as string));
    return value as number;
  };

/** What a message asks, as protobufjs reads it; undefined where it does not. */
export const readGrpcRequest = (message: Uint8Array): { model: string; inputs: readonly PlainTensor[] } | undefined => {
  try {
    const decoded = decodeBy('ModelInferRequest', message) as {
      model_name?: string;
      inputs: DecodedTensor[];
      raw_input_contents: number[][];
    };
    return { model: decoded.model_name ?? '', inputs: tensorsOf(decoded.inputs, decoded.raw_input_contents) };
  } catch {
    return undefined;
  }
};

export const readGrpcResponse = (message: Uint8Array): readonly PlainTensor[] => {
  const decoded = decodeBy('ModelInferResponse', message) as {
    outputs: DecodedTensor[];
    raw_output_contents: number[][];
  };
  return tensorsOf(decoded.outputs, decoded.raw_output_contents);
};

import type { TensorHead } from './request.ts';
import { invalid } from './status.ts';
import { type DataType, dataTypes, sizeOf, type TensorData, wholeText } from './tensor.ts';

/**
 * Values of a tensor out of JSON: flat, or nested as the shape is. null stands for NaN in floats.
 *
 * @throws ProtocolError where values are of another type, out of range, or not as many as the shape says
 */
export const valuesOf = (head: TensorHead, data: unknown): TensorData => {
  if (!Array.isArray(data)) throw invalid(`Cannot read tensor "${head.name}": its data is no list, one is needed`);
  const size = sizeOf(head.shape);
  const flat = Array.isArray(data[0]) ? flattened(head, data) : data;
  if (flat.length !== size)
    throw invalid(`Cannot read tensor "${head.name}": it has ${flat.length} values, its shape needs ${size}`);
  return typed(head, flat);
};

const flattened = ({ name, shape }: TensorHead, data: readonly unknown[]): readonly unknown[] => {
  const flat: unknown[] = [];
  const walk = (level: unknown, depth: number): void => {
    if (depth === shape.length) {
      flat.push(level);
      return;
    }
    if (!Array.isArray(level) || level.length !== shape[depth])
      throw invalid(`Cannot read tensor "${name}": its nested lists do not have the shape [${shape.join(', ')}]`);
    for (const inner of level) walk(inner, depth + 1);
  };
  walk(data, 0);
  return flat;
};

const typed = ({ name, datatype }: TensorHead, values: readonly unknown[]): TensorData => {
  const { array } = dataTypes[datatype];
  const refuse = (value: unknown): never => {
    throw invalid(`Cannot read tensor "${name}": ${String(JSON.stringify(value)).slice(0, 64)} is no ${datatype}`);
  };
  if (array === undefined) {
    return values.map((value) => (typeof value === 'string' ? wholeText(value, name) : refuse(value)));
  }
  const data = new array(values.length) as Float32Array;
  const read = readers[datatype];
  for (let i = 0; i < values.length; i++) {
    const value = read(values[i]);
    if (value === undefined) refuse(values[i]);
    data[i] = value as number;
    if (!datatype.startsWith('FP') && data[i] !== value) refuse(values[i]);
  }
  return data;
};

type Read = (value: unknown) => number | bigint | undefined;

/** A number too large for float32 became infinite, which nobody meant. */
const float =
  (round: (value: number) => number): Read =>
  (value) => {
    if (typeof value === 'number') return Number.isFinite(round(value)) ? value : undefined;
    return value === null ? Number.NaN : undefined;
  };
const int: Read = (value) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined);
/** Past 2^53 a number of JSON is not what was written. */
const long: Read = (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined);
const bool: Read = (value) => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === 0 || value === 1 ? value : undefined;
};

const readers: Readonly<Record<DataType, Read>> = {
  BOOL: bool,
  INT8: int,
  INT16: int,
  INT32: int,
  INT64: long,
  UINT8: int,
  UINT16: int,
  UINT32: int,
  UINT64: long,
  FP16: float(Math.f16round),
  FP32: float(Math.fround),
  FP64: float((value) => value),
  BYTES: () => undefined,
};

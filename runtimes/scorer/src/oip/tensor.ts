import { invalid, ProtocolError } from './status.ts';

/** By the protocol's name: what ONNX Runtime calls the type, and how its values lie in memory. BYTES are texts. */
export const dataTypes = {
  BOOL: { onnx: 'bool', array: Uint8Array },
  UINT8: { onnx: 'uint8', array: Uint8Array },
  UINT16: { onnx: 'uint16', array: Uint16Array },
  UINT32: { onnx: 'uint32', array: Uint32Array },
  UINT64: { onnx: 'uint64', array: BigUint64Array },
  INT8: { onnx: 'int8', array: Int8Array },
  INT16: { onnx: 'int16', array: Int16Array },
  INT32: { onnx: 'int32', array: Int32Array },
  INT64: { onnx: 'int64', array: BigInt64Array },
  FP16: { onnx: 'float16', array: Float16Array },
  FP32: { onnx: 'float32', array: Float32Array },
  FP64: { onnx: 'float64', array: Float64Array },
  BYTES: { onnx: 'string', array: undefined },
} as const;

export type DataType = keyof typeof dataTypes;

export type NumericData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** Row-major. */
export type TensorData = NumericData | readonly string[];

export interface Tensor {
  readonly name: string;
  readonly datatype: DataType;
  readonly shape: readonly number[];
  /** As many values as the shape says. */
  readonly data: TensorData;
}

/** What a model declares of an input or output; -1 in a shape stands for any length. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: DataType;
  readonly shape: readonly number[];
}

export const isDataType = (name: string): name is DataType => Object.hasOwn(dataTypes, name);

export const dataTypeOfOnnx = (onnx: string): DataType | undefined =>
  (Object.keys(dataTypes) as DataType[]).find((name) => dataTypes[name].onnx === onnx);

/** Values that a shape holds. */
export const sizeOf = (shape: readonly number[]): number => {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
};

export const described = ({ datatype, shape }: Pick<TensorSpec, 'datatype' | 'shape'>): string =>
  `${datatype} [${shape.join(', ')}]`;

/** Zeros, or empty texts. */
export const emptyData = (datatype: DataType, size: number): TensorData => {
  const { array } = dataTypes[datatype];
  return array === undefined ? new Array<string>(size).fill('') : new array(size);
};

/** The values from one place to another, without a copy where they are numbers. */
export const sliceOf = (data: TensorData, from: number, to: number): TensorData =>
  Array.isArray(data) ? data.slice(from, to) : (data as NumericData).subarray(from, to);

/** Puts several tensors' values one after another. All are of the type. */
export const concatenated = (datatype: DataType, parts: readonly TensorData[]): TensorData => {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const { array } = dataTypes[datatype];
  if (array === undefined) return (parts as readonly (readonly string[])[]).flat();
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new array(size);
  let at = 0;
  for (const part of parts) {
    (whole as Float32Array).set(part as Float32Array, at);
    at += part.length;
  }
  return whole;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** @throws ProtocolError where the bytes are not UTF-8: texts of ONNX are */
export const textOf = (bytes: Uint8Array, tensor: string): string => {
  try {
    return wholeText(utf8.decode(bytes), tensor);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    throw invalid(`Cannot read tensor "${tensor}": an element is not UTF-8, text of ONNX models must be`);
  }
};

/** ONNX Runtime's binding takes a text up to its first NUL, and would answer for another one. @throws ProtocolError */
export const wholeText = (text: string, tensor: string): string => {
  if (!text.includes('\0')) return text;
  throw invalid(
    `Cannot read tensor "${tensor}": an element has the character U+0000, which texts of models cannot have`,
  );
};

/**
 * Values out of their raw form: little-endian, row-major; BYTES each with four bytes of length before it.
 *
 * @throws ProtocolError where the bytes are not as many as `size` values need
 */
export const decodeRaw = (tensor: Pick<Tensor, 'name' | 'datatype'>, bytes: Uint8Array, size: number): TensorData => {
  const { array } = dataTypes[tensor.datatype];
  if (array === undefined) return decodeTexts(tensor.name, bytes, size);
  const needed = size * array.BYTES_PER_ELEMENT;
  if (bytes.length !== needed)
    throw invalid(
      `Cannot read tensor "${tensor.name}": it has ${bytes.length} bytes, its shape and type need ${needed}`,
    );
  if (tensor.datatype === 'BOOL') return Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1));
  // A view where the place allows it: rows of a batch are copied together anyway.
  if (bytes.byteOffset % array.BYTES_PER_ELEMENT === 0)
    return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, size);
  // Not `slice`: that of a Buffer is a view.
  return new array(new Uint8Array(bytes).buffer, 0, size);
};

const decodeTexts = (name: string, bytes: Uint8Array, size: number): readonly string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length && texts.length < size) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (length > bytes.length - at - 4) throw invalid(`Cannot read tensor "${name}": it ends within an element`);
    texts.push(textOf(bytes.subarray(at + 4, at + 4 + length), name));
    at += 4 + length;
  }
  if (texts.length === size && at === bytes.length) return texts;
  throw invalid(`Cannot read tensor "${name}": its bytes do not hold exactly the ${size} elements of its shape`);
};

/** The raw form of values: a view for numbers, whose order of bytes is little-endian on every machine that Node runs on. */
export const encodeRaw = (data: TensorData): Uint8Array => {
  if (!Array.isArray(data)) {
    const { buffer, byteOffset, byteLength } = data as NumericData;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  const texts = (data as readonly string[]).map((text) => encoder.encode(text));
  const bytes = new Uint8Array(texts.reduce((total, { length }) => total + 4 + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
};

import { MalformedMessageError, type Reader, wire } from '../protobuf/reader.ts';
import { invalid } from './status.ts';
import { type DataType, dataTypes, type TensorData, textOf } from './tensor.ts';

/** A list of InferTensorContents: its field, how its values lie on the wire when packed, and how one is read. */
interface ContentsList {
  readonly field: number;
  readonly name: string;
  readonly wireType: number;
  readonly read: (from: Reader) => number | bigint;
}

const bools = { field: 1, name: 'bool_contents', wireType: wire.varint, read: (r: Reader) => (r.bool() ? 1 : 0) };
const ints = { field: 2, name: 'int_contents', wireType: wire.varint, read: (r: Reader) => r.int32() };
const longs = { field: 3, name: 'int64_contents', wireType: wire.varint, read: (r: Reader) => r.int64() };
const uints = { field: 4, name: 'uint_contents', wireType: wire.varint, read: (r: Reader) => r.uint32() };
const ulongs = { field: 5, name: 'uint64_contents', wireType: wire.varint, read: (r: Reader) => r.uint64() };
const floats = { field: 6, name: 'fp32_contents', wireType: wire.fixed32, read: (r: Reader) => r.float() };
const doubles = { field: 7, name: 'fp64_contents', wireType: wire.fixed64, read: (r: Reader) => r.double() };
const texts = { field: 8, name: 'bytes_contents', wireType: wire.bytes, read: () => 0 };

/** FP16 has none: it comes raw. */
export const contentsOf: Readonly<Record<DataType, ContentsList | undefined>> = {
  BOOL: bools,
  INT8: ints,
  INT16: ints,
  INT32: ints,
  INT64: longs,
  UINT8: uints,
  UINT16: uints,
  UINT32: uints,
  UINT64: ulongs,
  FP16: undefined,
  FP32: floats,
  FP64: doubles,
  BYTES: texts,
};

interface Head {
  readonly name: string;
  readonly datatype: DataType;
}

/**
 * Values of a tensor out of its typed contents. Lists may be packed or not, and in several parts.
 *
 * @throws ProtocolError where another list than that of the datatype is filled, a value is out of range, or there are not `size`
 */
export const decodeContents = (head: Head, parts: readonly Reader[], size: number): TensorData => {
  const { name, datatype } = head;
  const list = contentsOf[datatype];
  if (list === undefined) throw invalid(`Cannot read tensor "${name}": ${datatype} has no typed contents, send it raw`);
  const values = datatype === 'BYTES' ? createTexts(name) : createNumbers(head, list, size);
  for (const part of parts) {
    while (part.next()) {
      if (part.field === list.field) values.take(part);
      else if (part.field <= texts.field)
        throw invalid(
          `Cannot read tensor "${name}": ${datatype} has its values in ${list.name}, another list is filled`,
        );
      else part.skip();
    }
  }
  if (values.count() === size) return values.data();
  throw invalid(`Cannot read tensor "${name}": it has ${values.count()} values, its shape needs ${size}`);
};

interface Values {
  take(from: Reader): void;
  count(): number;
  data(): TensorData;
}

const createTexts = (name: string): Values => {
  const read: string[] = [];
  return {
    take: (from) => {
      from.expect(wire.bytes);
      read.push(textOf(from.raw(), name));
    },
    count: () => read.length,
    data: () => read,
  };
};

/** A shape may lie: room is made as values come, never for more than can be there. */
const createNumbers = ({ name, datatype }: Head, { read, wireType }: ContentsList, size: number): Values => {
  const { array } = dataTypes[datatype];
  if (array === undefined) throw new TypeError(`Cannot read ${datatype} as numbers`);
  let data = new array(0) as Float32Array;
  let count = 0;
  const put = (from: Reader): void => {
    const value = read(from) as number;
    if (count < size) {
      data[count] = value;
      // What came back changed did not fit, as 300 in INT8; a float only lost digits.
      if (wireType === wire.varint && data[count] !== value)
        throw invalid(`Cannot read tensor "${name}": ${value} is out of the range of ${datatype}`);
    }
    count++;
  };
  const reserve = (most: number): void => {
    const needed = Math.min(size, count + most);
    if (needed <= data.length) return;
    const grown = new array(Math.min(size, Math.max(needed, data.length * 2))) as Float32Array;
    grown.set(data);
    data = grown;
  };
  return {
    take: (from) => {
      if (from.wireType === wireType) {
        reserve(1);
        put(from);
        return;
      }
      if (from.wireType !== wire.bytes)
        throw new MalformedMessageError(`field ${from.field} has wire type ${from.wireType}, ${wireType} is needed`);
      const packed = from.range();
      reserve(packed.end - packed.at);
      while (packed.at < packed.end) put(packed);
    },
    count: () => count,
    data: () => data,
  };
};

import { type DataType, dataTypes } from '../../src/oip/tensor.ts';
import type { PlainTensor } from './oracle.ts';
import type { Random } from './random.ts';

const floats = [0, 1, -1, 0.5, 3.25, 100, -2.5, 1e6, 1e-7, Number.NaN];
const strange = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3.4e38, -0];
const texts = ['', 'a', 'äöü', '日本', '🜚', 'x'.repeat(200), '"\\'];

/** A value of the type; one of JSON where `plain`, which has no infinite values and no integers past 2^53. */
const oneOf = (random: Random, datatype: string, plain: boolean): number | bigint | string => {
  if (datatype === 'BYTES') return random.pick(texts);
  if (datatype === 'BOOL') return random.below(2);
  if (datatype === 'FP16') return random.pick([0, 1.5, -2, 0.25, Number.NaN]);
  if (datatype === 'FP32' || datatype === 'FP64')
    return Math.fround(random.pick(plain || random.chance(0.9) ? floats : strange));
  const array = dataTypes[datatype as DataType].array as unknown as { readonly BYTES_PER_ELEMENT: number };
  const bits = 8 * array.BYTES_PER_ELEMENT;
  const raw = BigInt(random.below(2 ** 32)) * (bits === 64 && !plain ? BigInt(random.below(2 ** 32)) : 1n);
  const value = datatype.startsWith('U') ? BigInt.asUintN(bits, raw) : BigInt.asIntN(bits, raw);
  return bits === 64 ? value : Number(value);
};

const echoTypes = Object.keys(dataTypes) as DataType[];
/** As the model names them. */
const nameOf = (datatype: DataType): string =>
  ({ FP16: 'float16', FP32: 'float', FP64: 'double', BYTES: 'string' })[datatype as string] ?? datatype.toLowerCase();

const tensorOf = (
  random: Random,
  { name, datatype, shape, plain }: Omit<PlainTensor, 'values'> & { readonly plain: boolean },
): PlainTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { name, datatype, shape, values: Array.from({ length: size }, () => oneOf(random, datatype, plain)) };
};

export interface Asked {
  readonly model: 'classifier' | 'echo';
  readonly inputs: readonly PlainTensor[];
}

/** Inputs that a model takes. */
export const inputsFor = (random: Random, plain: boolean): Asked => {
  const rows = random.chance(0.02) ? 500 : 1 + random.below(4);
  if (random.chance(0.5))
    return {
      model: 'classifier',
      inputs: [tensorOf(random, { name: 'input', datatype: 'FP32', shape: [rows, 3], plain })],
    };
  const columns = 1 + random.below(3);
  return {
    model: 'echo',
    inputs: echoTypes.map((datatype) =>
      tensorOf(random, { name: nameOf(datatype), datatype, shape: [rows, columns], plain }),
    ),
  };
};

/** Values as they lie in memory, little-endian; texts with their lengths. */
export const rawOf = ({ datatype, values }: PlainTensor): Buffer => {
  const { array } = dataTypes[datatype as DataType];
  if (array === undefined)
    return Buffer.concat(
      values.map((value) => {
        const text = Buffer.from(String(value));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }),
    );
  const data = (array as unknown as Float32ArrayConstructor).from(values as number[]);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
};

/** @returns undefined where the bytes are not those of such a tensor */
export const valuesOfRaw = (datatype: string, raw: Uint8Array): PlainTensor['values'] => {
  const { array } = dataTypes[datatype as DataType];
  if (array !== undefined)
    return [...new (array as Float32ArrayConstructor)(Uint8Array.from(raw).buffer)] as unknown as number[];
  const bytes = Buffer.from(raw);
  const read: string[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32LE(at))
    read.push(bytes.toString('utf8', at + 4, at + 4 + bytes.readUInt32LE(at)));
  return read;
};

import {
  emptyData,
  type NumericData,
  sizeOf,
  sliceOf,
  type Tensor,
  type TensorData,
  type TensorSpec,
} from '../oip/tensor.ts';
import type { Session } from './session.ts';

/** Rows of the trial. */
const rows = 3;
/** Sums in another order differ by so much. */
const tolerance = 1e-4;

/** Made-up inputs: `length` for every dimension that the model leaves open, but the first. */
export const madeUp = (session: Session, count: number, length = 1): readonly Tensor[] =>
  session.inputs.map((spec) => {
    const shape = spec.shape.map((declared, i) =>
      i === 0 && declared === -1 ? count : declared === -1 ? length : declared,
    );
    return { name: spec.name, datatype: spec.datatype, shape, data: varied(spec.datatype, sizeOf(shape)) };
  });

/** Values that differ from row to row. */
const varied = (datatype: TensorSpec['datatype'], size: number): TensorData => {
  const data = emptyData(datatype, size);
  if (Array.isArray(data)) return data.map((_, i) => 'abc'.charAt(i % 3));
  const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < size; i++)
    (data as Float32Array)[i] = (big ? BigInt(i % 2) : datatype.startsWith('FP') ? i * 0.37 : i % 2) as number;
  return data;
};

const leavesRowsOpen = ({ shape }: TensorSpec): boolean => shape[0] === -1;

/**
 * Whether rows can be put together: the model leaves the first dimension of everything open, and gives rows that run
 * together what it gives each by itself. Tried, and not taken from the file: one that looks across its rows says nothing of it.
 */
export const isBatchable = async (session: Session, length?: number): Promise<boolean> => {
  const { inputs, outputs } = session;
  if (inputs.length === 0 || !inputs.every(leavesRowsOpen) || !outputs.every(leavesRowsOpen)) return false;
  const names = outputs.map(({ name }) => name);
  const together = madeUp(session, rows, length);
  try {
    const whole = await session.run(together, names);
    for (let row = 0; row < rows; row++) {
      const alone = await session.run(
        together.map((tensor) => rowOf(tensor, row)),
        names,
      );
      if (!whole.every((output, i) => isRow(alone[i] as Tensor, output, row))) return false;
    }
    return true;
  } catch {
    // It may well run on what it was made for; by itself then.
    return false;
  }
};

const rowOf = (tensor: Tensor, row: number): Tensor => {
  const width = sizeOf(tensor.shape.slice(1));
  return {
    ...tensor,
    shape: [1, ...tensor.shape.slice(1)],
    data: sliceOf(tensor.data, row * width, (row + 1) * width),
  };
};

const isRow = (alone: Tensor, whole: Tensor, row: number): boolean => {
  if (whole.shape[0] !== rows || alone.shape[0] !== 1) return false;
  const expected = rowOf(whole, row).data;
  if (alone.data.length !== expected.length) return false;
  if (Array.isArray(expected)) return expected.every((text, i) => text === (alone.data as readonly string[])[i]);
  return (expected as NumericData).every((value: number | bigint, i: number) =>
    isClose(value, (alone.data as Float32Array)[i]),
  );
};

const isClose = (a: number | bigint, b: number | bigint | undefined): boolean => {
  if (Object.is(a, b) || a === b) return true;
  return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
};

import { concatenated, sizeOf, sliceOf, type Tensor, type TensorData } from '../oip/tensor.ts';
import type { Session } from './session.ts';

/** Something to run through a model. */
export interface Work {
  /** All inputs of the session, in its order; where it takes batches, all with the same number of rows. */
  readonly inputs: readonly Tensor[];
  /** Names of the outputs that are wanted. */
  readonly outputs: readonly string[];
  /** After this nobody waits for it, by `performance.now()`. Absent: it waits as long as it takes, and is never refused. */
  readonly deadline?: number;
  /** Whoever asked has gone. */
  readonly isCancelled?: () => boolean;
}

/** Work that waits or runs. */
export interface Job extends Work {
  readonly rows: number;
  readonly submittedAt: number;
  /** Rows that have run, or are running. */
  begun: number;
  /** By output, the parts that have come. */
  readonly parts: Tensor[][];
  readonly resolve: (outputs: readonly Tensor[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows of a job that go into one run. */
export interface Slice {
  readonly job: Job;
  readonly from: number;
  readonly count: number;
}

/** Inner dimensions are equal; most models fix them anyway. */
export const fitTogether = (a: Job, b: Job): boolean =>
  a.inputs.every(({ shape }, i) => {
    const other = b.inputs[i]?.shape;
    if (other === undefined || other.length !== shape.length) return false;
    for (let d = 1; d < shape.length; d++) if (shape[d] !== other[d]) return false;
    return true;
  });

/** What is wanted of a run: of all, where they differ. */
export const outputsOf = (slices: readonly Slice[]): readonly string[] => {
  const first = slices[0]?.job.outputs ?? [];
  if (slices.every(({ job }) => job.outputs === first)) return first;
  return [...new Set(slices.flatMap(({ job }) => job.outputs))];
};

const rowsOf = (
  { data, shape }: Tensor,
  { from, count }: { readonly from: number; readonly count: number },
): TensorData => {
  if (count === shape[0]) return data;
  const width = sizeOf(shape.slice(1));
  return sliceOf(data, from * width, (from + count) * width);
};

/** The rows of all, one after another. */
export const inputsOf = ({ inputs }: Session, slices: readonly Slice[]): readonly Tensor[] => {
  const rows = slices.reduce((sum, { count }) => sum + count, 0);
  return inputs.map(({ name, datatype }, i): Tensor => {
    const given = slices.map((slice) => ({ slice, tensor: slice.job.inputs[i] as Tensor }));
    const shape = [rows, ...(given[0]?.tensor.shape.slice(1) ?? [])];
    return {
      name,
      datatype,
      shape,
      data: concatenated(
        datatype,
        given.map(({ tensor, slice }) => rowsOf(tensor, slice)),
      ),
    };
  });
};

/** Gives each slice its rows of the outputs. @throws Error where the model did not give as many rows as it was given */
export const deliver = (
  slices: readonly Slice[],
  outputs: ReadonlyMap<string, Tensor>,
  { rows, isBatchable }: { readonly rows: number; readonly isBatchable: boolean },
): void => {
  let from = 0;
  for (const { job, count } of slices) {
    for (const [i, name] of job.outputs.entries()) {
      const output = outputs.get(name) as Tensor;
      if (isBatchable && output.shape[0] !== rows)
        throw new Error(`output "${name}" has ${output.shape[0]} rows for ${rows}`);
      const whole = !isBatchable || count === rows;
      const part = whole
        ? output
        : { ...output, shape: [count, ...output.shape.slice(1)], data: rowsOf(output, { from, count }) };
      job.parts[i]?.push(part);
    }
    from += count;
  }
};

/** An output of a job out of the parts that came of it. */
export const joined = (name: string, parts: readonly Tensor[]): Tensor => {
  const [first] = parts;
  if (first === undefined) throw new Error(`output "${name}" never came`);
  if (parts.length === 1) return first;
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const data = concatenated(
    first.datatype,
    parts.map((part) => part.data),
  );
  return { ...first, shape: [rows, ...first.shape.slice(1)], data };
};

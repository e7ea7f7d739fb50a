import type { WindowProgram } from '@groundswell/graph';
import { decodeJson, encodeJson } from '@groundswell/wire';

/** A window's state and the offsets that it stands for. */
export interface WindowCheckpoint {
  /** What the state is of: another one of the program needs a state of its own. */
  readonly definition: string;
  /** Where results went: a changed one gets everything anew. */
  readonly sinks: string;
  /** Partition → the next offset to read. */
  readonly positions: ReadonlyMap<number, bigint>;
  /** Of the windower. */
  readonly snapshot: Uint8Array;
}

/** Cannot go on without a change by a person: the checkpoint has to be removed, then the window is made of what the topic holds. */
class CorruptCheckpointError extends Error {
  override readonly name = 'CorruptCheckpointError';
  constructor(name: string, options: { cause: unknown }) {
    super(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, options);
  }
}

/** All that decides what counts where. Weights, what is computed of values and what is forgotten are not part of it, nor is allowed lateness. */
export const definitionOf = ({ input, key, shape, aggregations }: WindowProgram): string =>
  JSON.stringify([
    input.topic.name,
    input.where ?? null,
    key,
    { ...shape, forgetBelow: null },
    aggregations.filter((one) => !isDerived(one)).map((one) => ({ ...one, weights: null })),
  ]);

const isDerived = ({ kind }: WindowProgram['aggregations'][number]): boolean =>
  kind === 'ratio' || kind === 'expression';

/** How results are told: where to, which, and what is computed for them. */
export const sinksOf = ({ sinks, head, emit, aggregations }: WindowProgram): string =>
  JSON.stringify([sinks, head, emit, aggregations.filter(isDerived)]);

/** A line of JSON, and behind it the snapshot as it is. */
export const encodeCheckpoint = ({ snapshot, positions, ...rest }: WindowCheckpoint): Uint8Array => {
  const head = encodeJson({ ...rest, positions: [...positions].map(([partition, next]) => [partition, String(next)]) });
  const bytes = new Uint8Array(head.length + 1 + snapshot.length);
  bytes.set(head);
  bytes[head.length] = newline;
  bytes.set(snapshot, head.length + 1);
  return bytes;
};

const newline = 10;

interface Head {
  readonly definition: string;
  readonly sinks: string;
  readonly positions: readonly (readonly [partition: number, next: string])[];
}

/** @throws CorruptCheckpointError */
export const decodeCheckpoint = (name: string, bytes: Uint8Array): WindowCheckpoint => {
  try {
    const end = bytes.indexOf(newline);
    // Written by `encodeCheckpoint` and by nobody else.
    const { definition, sinks, positions } = decodeJson(bytes.subarray(0, end)) as Head;
    return {
      ...{ definition, sinks },
      positions: new Map(positions.map(([partition, next]) => [partition, BigInt(next)])),
      snapshot: bytes.slice(end + 1),
    };
  } catch (cause) {
    throw new CorruptCheckpointError(name, { cause });
  }
};

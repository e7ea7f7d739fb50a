import type { WindowProgram } from '@groundswell/graph';
import type { SavedState } from '@groundswell/stores';
import { decodeJson, encodeJson } from '@groundswell/wire';

/** The state of one shard and the offset that it stands for. */
export interface ShardCheckpoint {
  /** What the state is of: another one of the program needs a state of its own. */
  readonly definition: string;
  /** Where results went: a changed one gets everything anew. */
  readonly sinks: string;
  /** The next offset to read. */
  readonly position: bigint;
  /** Of re-keyed events: source partition → the newest source offset that was taken. What is not newer is a repeat. */
  readonly sources: ReadonlyMap<number, bigint>;
  /** Of the windower. */
  readonly snapshot: Uint8Array;
}

/** Cannot go on without a change by a person: the state has to be removed, then the window is made of what the topic holds. */
class CorruptCheckpointError extends Error {
  override readonly name = 'CorruptCheckpointError';
  constructor(name: string, options: { cause: unknown }) {
    super(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, options);
  }
}

/** All that decides what counts where. Weights, what is computed of values and what is forgotten are not part of it, nor is allowed lateness. */
export const definitionOf = ({ input, rekey, key, shape, aggregations }: WindowProgram, shards: number): string =>
  JSON.stringify([
    [input.topic.name, rekey?.topic.name ?? null, shards],
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

const newline = 10;

/** A line of JSON, and behind it bytes as they are. */
const encodeHeaded = (head: object, body: Uint8Array): Uint8Array => {
  const line = encodeJson(head);
  const bytes = new Uint8Array(line.length + 1 + body.length);
  bytes.set(line);
  bytes[line.length] = newline;
  bytes.set(body, line.length + 1);
  return bytes;
};

/** @throws SyntaxError where the line is no JSON */
const decodeHeaded = (bytes: Uint8Array): { readonly head: unknown; readonly body: Uint8Array } => {
  const end = bytes.indexOf(newline);
  return { head: decodeJson(bytes.subarray(0, end)), body: bytes.slice(end + 1) };
};

interface Head {
  readonly definition: string;
  readonly sinks: string;
  readonly position: string;
  readonly sources: readonly (readonly [partition: number, offset: string])[];
}

export const encodeCheckpoint = ({ snapshot, position, sources, ...rest }: ShardCheckpoint): Uint8Array => {
  const head: Head = {
    ...rest,
    position: String(position),
    sources: [...sources].map(([partition, offset]) => [partition, String(offset)]),
  };
  return encodeHeaded(head, snapshot);
};

/** @throws CorruptCheckpointError */
export const decodeCheckpoint = (name: string, { base }: Pick<SavedState, 'base'>): ShardCheckpoint => {
  try {
    const { head, body } = decodeHeaded(base);
    // Written by `encodeCheckpoint` and by nobody else.
    const { definition, sinks, position, sources } = head as Head;
    return {
      ...{ definition, sinks },
      position: BigInt(position),
      sources: new Map(sources.map(([partition, offset]) => [partition, BigInt(offset)])),
      snapshot: body,
    };
  } catch (cause) {
    throw new CorruptCheckpointError(name, { cause });
  }
};

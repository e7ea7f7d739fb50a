import type { WindowProgram } from '@groundswell/graph';
import type { SavedState } from '@groundswell/stores';
import type { Parts } from '@groundswell/windowing';
import { decodeJson, encodeJson } from '@groundswell/wire';
import type { JoinState } from './join/joining.ts';

/** Where a shard had come to when it was saved: what of the log its state stands for. */
export interface Progress {
  /** The next offset to read. */
  readonly position: bigint;
  /** Of re-keyed events: source partition → the newest source offset that was taken. What is not newer is a repeat. */
  readonly sources: ReadonlyMap<number, bigint>;
  /** Of re-keyed events with rows of tables: source partition → the newest epoch of who sends them. */
  readonly epochs: ReadonlyMap<number, number>;
  /** Where the window joins tables, and events do not come with their rows: from `position` on. */
  readonly joins: JoinState | undefined;
  /** Keys that were let go of for want of room, since the state began. */
  readonly evicted: number;
}

/** What the state of a shard is of. */
export interface Origin {
  /** Another one of the program needs a state of its own. */
  readonly definition: string;
  /** Where results went: a changed one gets everything anew. */
  readonly sinks: string;
}

/** The state of one shard and the offset that it stands for. */
export interface ShardCheckpoint extends Origin, Progress {
  /** Of the windower: all of it, and the changes since. */
  readonly snapshot: Parts;
}

/** Cannot go on without a change by a person: the state has to be removed, then the window is made of what the topic holds. */
class CorruptCheckpointError extends Error {
  override readonly name = 'CorruptCheckpointError';
  constructor(name: string, options: { cause: unknown }) {
    super(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, options);
  }
}

/** All that decides what counts where. Weights, what is computed of values and what is forgotten are not part of it, nor is allowed lateness. */
export const definitionOf = (
  { input, joins, rekey, key, shape, aggregations }: WindowProgram,
  shards: number,
): string =>
  JSON.stringify([
    [input.topic.name, rekey?.topic.name ?? null, shards],
    input.where ?? null,
    key,
    { ...shape, forgetBelow: null },
    aggregations.filter((one) => !isDerived(one)).map((one) => ({ ...one, weights: null })),
    ...(joins === undefined ? [] : [joins.map((join) => ({ ...join, maxRows: null }))]),
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

interface StoredProgress {
  readonly position: string;
  readonly sources: readonly (readonly [partition: number, offset: string])[];
  readonly epochs?: readonly (readonly [partition: number, epoch: number])[] | undefined;
  readonly joins?: JoinState | undefined;
  readonly evicted?: number | undefined;
}

const stored = ({ position, sources, epochs, joins, evicted }: Progress): StoredProgress => ({
  position: String(position),
  sources: [...sources].map(([partition, offset]) => [partition, String(offset)]),
  epochs: epochs.size === 0 ? undefined : [...epochs],
  joins,
  evicted: evicted === 0 ? undefined : evicted,
});

const progressOf = ({ position, sources, epochs, joins, evicted = 0 }: StoredProgress): Progress => ({
  position: BigInt(position),
  sources: new Map(sources.map(([partition, offset]) => [partition, BigInt(offset)])),
  epochs: new Map(epochs),
  joins,
  evicted,
});

/** @param snapshot all of the windower's state */
export const encodeBase = ({ definition, sinks }: Origin, progress: Progress, snapshot: Uint8Array): Uint8Array =>
  encodeHeaded({ definition, sinks, ...stored(progress) }, snapshot);

/** @param changes since what was saved before */
export const encodeChange = (progress: Progress, changes: Uint8Array): Uint8Array =>
  encodeHeaded(stored(progress), changes);

/** @throws CorruptCheckpointError */
export const decodeCheckpoint = (
  name: string,
  { base, changes }: Pick<SavedState, 'base' | 'changes'>,
): ShardCheckpoint => {
  try {
    const { head, body } = decodeHeaded(base);
    // Written by `encodeBase` and `encodeChange` and by nobody else.
    const { definition, sinks } = head as Origin;
    const later = changes.map(decodeHeaded);
    const newest = (later.at(-1)?.head ?? head) as StoredProgress;
    return { definition, sinks, ...progressOf(newest), snapshot: [body, ...later.map((change) => change.body)] };
  } catch (cause) {
    throw new CorruptCheckpointError(name, { cause });
  }
};

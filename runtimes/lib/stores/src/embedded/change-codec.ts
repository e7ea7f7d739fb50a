import type { Change, StateChange } from '../change.ts';
import type { WriteCommand } from '../commands/command.ts';
import type { LogRecord, Position } from '../log.ts';

/**
 * How a change is written: a JSON head that says everything but the bytes of values and states, then those bytes, joined.
 * Numbers are as JSON has them; infinite scores are strings, because JSON has no infinity.
 */
export interface Encoded {
  readonly head: string;
  readonly bytes: readonly Uint8Array[];
}

/** Offset, length (-1 for a tombstone), timestamp, key, headers. */
type RecordHead = readonly [number, number, number, string | null, Readonly<Record<string, string>> | null];
type Score = number | string;
type CommandHead = readonly [string, ...unknown[]] | WriteCommand;
type Head =
  | Extract<Change, { kind: 'topic' }>
  | { kind: 'append'; topic: string; partition: number; at: number; records: readonly RecordHead[] }
  | { kind: 'trim'; topic: string; partition: number; start: number }
  | { kind: 'offsets'; group: string; positions: readonly (readonly [string, number, number])[] }
  | { kind: 'commands'; at: number; commands: readonly CommandHead[] }
  | { kind: 'checkpoint'; name: string }
  | Omit<StateChange, 'bytes'>;

const headOf = ({ offset, key, value, headers, timestamp }: LogRecord): RecordHead => {
  let hasHeaders = false;
  for (const _ in headers) hasHeaders = true;
  return [Number(offset), value === null ? -1 : value.length, timestamp, key ?? null, hasHeaders ? headers : null];
};

const scoreToJson = (score: number): Score => (Number.isFinite(score) ? score : String(score));

const commandToJson = (command: WriteCommand): CommandHead => {
  if (command.kind === 'sortedAdd') {
    return ['sortedAdd', command.key, command.members.map(({ member, score }) => [member, scoreToJson(score)])];
  }
  if (command.kind === 'sortedRemoveByScore') {
    return ['sortedRemoveByScore', command.key, scoreToJson(command.min), scoreToJson(command.max)];
  }
  return command;
};

const commandFromJson = (head: CommandHead): WriteCommand => {
  if (!Array.isArray(head)) return head as WriteCommand;
  const [kind, key, ...rest] = head as [string, string, ...unknown[]];
  if (kind === 'sortedRemoveByScore') {
    const [min, max] = rest as [Score, Score];
    return { kind, key, min: Number(min), max: Number(max) };
  }
  const [members] = rest as [readonly (readonly [string, Score])[]];
  return { kind: 'sortedAdd', key, members: members.map(([member, score]) => ({ member, score: Number(score) })) };
};

const positionToJson = ({ topic, partition, offset }: Position) => [topic, partition, Number(offset)] as const;

const jsonOf = (change: Change): Head => {
  switch (change.kind) {
    case 'topic':
      return change;
    case 'append':
      return { ...change, records: change.records.map(headOf) };
    case 'trim':
      return { ...change, start: Number(change.start) };
    case 'offsets':
      return { ...change, positions: change.positions.map(positionToJson) };
    case 'commands':
      return { ...change, commands: change.commands.map(commandToJson) };
    case 'checkpoint':
      return { kind: 'checkpoint', name: change.name };
    case 'state': {
      const { bytes: _, ...head } = change;
      return head;
    }
  }
};

const bytesOf = (change: Change): readonly Uint8Array[] => {
  if (change.kind === 'checkpoint') return [change.state];
  if (change.kind === 'state') return [change.bytes];
  if (change.kind !== 'append') return [];
  return change.records.map(({ value }) => value).filter((value) => value !== null);
};

export const encodeChange = (change: Change): Encoded => ({
  head: JSON.stringify(jsonOf(change)),
  bytes: bytesOf(change),
});

const recordsFrom = (heads: readonly RecordHead[], bytes: Uint8Array): LogRecord[] => {
  let at = 0;
  return heads.map(([offset, length, timestamp, key, headers]) => {
    // Copied, so that one record does not hold the memory of all its neighbours.
    const value = length < 0 ? null : new Uint8Array(bytes.subarray(at, at + length));
    at += Math.max(0, length);
    return { offset: BigInt(offset), key: key ?? undefined, value, headers: headers ?? {}, timestamp };
  });
};

/** `bytes` may be reused afterwards. @throws SyntaxError when the head is no JSON */
export const decodeChange = (json: string, bytes: Uint8Array): Change => {
  const head = JSON.parse(json) as Head;
  switch (head.kind) {
    case 'topic':
      return head;
    case 'append':
      return { ...head, records: recordsFrom(head.records, bytes) };
    case 'trim':
      return { ...head, start: BigInt(head.start) };
    case 'offsets':
      return {
        ...head,
        positions: head.positions.map(([topic, partition, offset]) => ({ topic, partition, offset: BigInt(offset) })),
      };
    case 'commands':
      return { ...head, commands: head.commands.map(commandFromJson) };
    case 'checkpoint':
      return { ...head, state: new Uint8Array(bytes) };
    case 'state':
      return { ...head, bytes: new Uint8Array(bytes) };
  }
};

import type { Queued } from '../commands/batch.ts';
import type { Command, ReadCommand } from '../commands/command.ts';
import type { Call } from './call.ts';
import { register } from './scripts.ts';

/** KEYS: hashes. ARGV: fields. Answers a list for each hash, in their order; an error in its place where the key is no hash. */
const script = `local replies = {}
for i = 1, #KEYS do replies[i] = redis.pcall('HMGET', KEYS[i], unpack(ARGV)) end
return replies`;

const digest = register(script);

/** Hashes of one call: the server does nothing else for as long as it takes, about 0.3 ms. */
const mostJoined = 250;
/** Fewer are as quick one by one. */
const leastJoined = 8;

type HashRead = Extract<ReadCommand, { readonly fields: readonly string[] }>;

const isHashRead = ({ kind }: Command): boolean => kind === 'hashGet' || kind === 'hashValues';

/** Reads of the same fields, which travel as one call. */
export interface JoinedReads {
  readonly queued: readonly Queued[];
  readonly call: Call;
}

/**
 * Joins reads of hashes: a call for each would cost a client more than all else that it does with the values (7 µs each,
 * against 1 µs). Only where nothing in the batch writes, so that the order does not matter; what is not joined comes back as it is.
 */
export const joinReads = (
  queued: readonly Queued[],
  prefix: string,
): { readonly joined: readonly JoinedReads[]; readonly rest: readonly Queued[] } => {
  const reads = queued.filter(({ command }) => isHashRead(command));
  const none = { joined: [], rest: queued };
  if (reads.length < leastJoined || queued.some(({ reply }) => reply === undefined) || queued.some(isCounting))
    return none;
  const byFields = new Map<string, Queued[]>();
  for (const one of reads) {
    const id = JSON.stringify((one.command as HashRead).fields);
    const same = byFields.get(id);
    if (same === undefined) byFields.set(id, [one]);
    else same.push(one);
  }
  const alike = [...byFields.values()].filter(({ length }) => length >= leastJoined);
  const taken = new Set(alike.flat());
  return {
    joined: alike.flatMap((group) => partsOf(group).map((part) => ({ queued: part, call: callOf(part, prefix) }))),
    rest: queued.filter((one) => !taken.has(one)),
  };
};

/** It writes, and has a reply. */
const isCounting = ({ command: { kind } }: Queued): boolean =>
  kind === 'counterAdd' || kind === 'listFan' || kind === 'sortedFan';

const partsOf = (group: readonly Queued[]): readonly (readonly Queued[])[] =>
  Array.from({ length: Math.ceil(group.length / mostJoined) }, (_, i) =>
    group.slice(i * mostJoined, (i + 1) * mostJoined),
  );

const callOf = (part: readonly Queued[], prefix: string): Call => {
  const reads = part.map(({ command }) => command as HashRead);
  const keys = reads.map(({ key }) => prefix + key);
  return ['evalsha', digest, String(part.length), ...keys, ...(reads[0]?.fields ?? [])];
};

import type { WindowProgram } from '@groundswell/graph';
import type { Size } from '@groundswell/windowing';

/** Of the memory that the process may have, where the resource names no limit. */
const defaultShare = 0.6;

interface Limits {
  readonly maxKeys: number | undefined;
  readonly maxBytes: number | undefined;
}

/** @param available memory that the process may have, bytes; undefined: no limit is known */
export const limitsOf = ({ limits }: WindowProgram, available: number | undefined): Limits => ({
  maxKeys: limits?.maxKeys,
  maxBytes: limits?.maxBytes ?? (available === undefined ? undefined : Math.floor(defaultShare * available)),
});

/** What the system lets this process have, bytes; undefined where it is not limited. */
export const availableMemory = (): number | undefined => {
  const limit = process.constrainedMemory();
  // Systems without limits answer 0, or more than any machine has.
  return limit > 0 && limit < 2 ** 50 ? limit : undefined;
};

export const sumOfSizes = (sizes: readonly Size[]): Size => ({
  keys: sizes.reduce((sum, { keys }) => sum + keys, 0),
  rows: sizes.reduce((sum, { rows }) => sum + rows, 0),
  bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
  used: sizes.reduce((sum, { used }) => sum + used, 0),
});

/** What counts against the limits: the state of all shards, and of joined tables their memory. */
export interface Held extends Omit<Size, 'rows'> {
  readonly tableBytes: number;
}

/** How much of the limits is used, the larger share; undefined without limits. */
export const useOf = (
  { keys, bytes, tableBytes }: Held,
  { maxKeys = Infinity, maxBytes = Infinity }: Limits,
): number | undefined =>
  maxKeys === Infinity && maxBytes === Infinity ? undefined : Math.max(keys / maxKeys, (bytes + tableBytes) / maxBytes);

/** Why no more events are taken; undefined: there is room. */
export const excessOf = (
  { keys, bytes, tableBytes }: Held,
  { maxKeys = Infinity, maxBytes = Infinity }: Limits,
): string | undefined => {
  const full = (what: string): string =>
    `Cannot take more events: ${what}, a higher limit, more workers or fewer keys are needed`;
  if (keys >= maxKeys) return full(`the state holds ${keys} keys, state.maxKeys is ${maxKeys}`);
  const tables = tableBytes === 0 ? '' : ` and the tables that are joined ${tableBytes}`;
  if (bytes + tableBytes >= maxBytes)
    return full(`the state takes ${bytes} bytes of memory${tables}, the limit is ${maxBytes}`);
  return undefined;
};

/** So much is free after keys were evicted, as a share of the limits: it is not done again for each new key. */
const freed = 0.1;

/**
 * Which share of the keys has to go so that there is room, 0 where there is. What is in use is kept below half of the limit
 * of memory, as arrays grow to twice what they were; tables stay.
 */
export const surplusOf = (
  { keys, used, tableBytes }: Held,
  { maxKeys = Infinity, maxBytes = Infinity }: Limits,
): number => {
  const over = (held: number, most: number): number => (held < most ? 0 : 1 - (most * (1 - freed)) / held);
  // Where tables take it all, no key that goes makes room.
  const forState = tableBytes < maxBytes ? (maxBytes - tableBytes) / 2 : Infinity;
  return Math.max(over(keys, maxKeys), over(used, forState));
};

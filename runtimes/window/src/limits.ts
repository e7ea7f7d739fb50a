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
});

/** How much of the limits is used, the larger share; undefined without limits. */
export const useOf = (
  { keys, bytes }: Size,
  { maxKeys = Infinity, maxBytes = Infinity }: Limits,
): number | undefined =>
  maxKeys === Infinity && maxBytes === Infinity ? undefined : Math.max(keys / maxKeys, bytes / maxBytes);

/** Why no more events are taken; undefined: there is room. */
export const excessOf = (
  { keys, bytes }: Size,
  { maxKeys = Infinity, maxBytes = Infinity }: Limits,
): string | undefined => {
  const full = (what: string): string =>
    `Cannot take more events: ${what}, a higher limit, more workers or fewer keys are needed`;
  if (keys >= maxKeys) return full(`the state holds ${keys} keys, state.maxKeys is ${maxKeys}`);
  if (bytes >= maxBytes) return full(`the state takes ${bytes} bytes of memory, the limit is ${maxBytes}`);
  return undefined;
};

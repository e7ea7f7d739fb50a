import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { createLook } from './look.ts';
import type { Reference, Values } from './values.ts';

/** Lists of what nobody gets, which follow their ConfigMaps. */
export interface BlockLists {
  /** Ids of items and authors. */
  of(list: Reference): ReadonlySet<string>;
  /** Looks for changes, about once a second; answers whether there are. What cannot be read stays as it was. */
  look(): Promise<boolean>;
}

interface BlockListOptions {
  readonly values: Values;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One id a line; empty lines and what stands behind `#` count for nothing. */
const idsIn = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split('\n')
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== ''),
  );

const nobody: ReadonlySet<string> = new Set();
const idOf = ({ from, name, key }: Reference): string => JSON.stringify([from, name, key]);

/** @throws Error where a list cannot be read: who must not be shown is then not known */
export const openBlockLists = async (
  lists: readonly Reference[],
  { values, clock, logger }: BlockListOptions,
): Promise<BlockLists> => {
  const known = new Map<string, { readonly text: string; readonly ids: ReadonlySet<string> }>();

  const read = async (): Promise<boolean> => {
    let isChanged = false;
    for (const list of lists) {
      const text = await values.read(list);
      if (known.get(idOf(list))?.text === text) continue;
      known.set(idOf(list), { text, ids: idsIn(text) });
      isChanged = true;
    }
    return isChanged;
  };
  await read();
  const look = createLook(read, { what: 'block lists', clock, logger });
  return {
    of: (list) => known.get(idOf(list))?.ids ?? nobody,
    look: async () => lists.length > 0 && (await look()),
  };
};

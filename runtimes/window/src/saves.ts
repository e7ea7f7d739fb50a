import type { StatePlace, States } from '@groundswell/stores';
import type { Windower } from '@groundswell/windowing';
import { encodeBase, encodeChange, type Origin, type Progress } from './checkpoint.ts';

/** Saves a shard, of which the first save of an owner is a base: what is there already may be somebody else's. */
export interface Saves {
  /** State and progress together; answers how many bytes that were. */
  save(origin: Origin, progress: Progress): Promise<number>;
}

export interface SavesOptions {
  readonly states: States;
  readonly place: StatePlace;
  readonly epoch: number;
  readonly windower: Pick<Windower<never>, 'snapshot' | 'changes'>;
}

/** Changes of one base, so that a restore reads few small ones. */
const maxChanges = 1_000;

/** The base that changes are added to, as far as it is known to be there. */
interface Chain {
  readonly origin: Origin;
  readonly baseBytes: number;
  changes: number;
  bytes: number;
}

/**
 * Saves what changed, and all of it when the changes have become as large as the base: so a save costs what changed, in the
 * long run twice that, and a restore reads twice the state at most.
 */
export const createSaves = ({ states, place, epoch, windower }: SavesOptions): Saves => {
  let chain: Chain | undefined;
  const saveBase = async (origin: Origin, progress: Progress): Promise<number> => {
    const { length } = await put(encodeBase(origin, progress, windower.snapshot()), 'save');
    chain = { origin, baseBytes: length, changes: 0, bytes: 0 };
    return length;
  };
  const put = async (bytes: Uint8Array, how: 'save' | 'append'): Promise<Uint8Array> => {
    // The windower counts changes from here on: if this one is lost, only a base can follow.
    chain = undefined;
    await states[how](place, epoch, bytes);
    return bytes;
  };
  const canGrow = (known: Chain, { definition, sinks }: Origin): boolean =>
    known.origin.definition === definition &&
    known.origin.sinks === sinks &&
    known.changes < maxChanges &&
    known.bytes < known.baseBytes;
  return {
    save: async (origin, progress) => {
      const known = chain;
      if (known === undefined || !canGrow(known, origin)) return saveBase(origin, progress);
      const { length } = await put(encodeChange(progress, windower.changes()), 'append');
      chain = { ...known, changes: known.changes + 1, bytes: known.bytes + length };
      return length;
    },
  };
};

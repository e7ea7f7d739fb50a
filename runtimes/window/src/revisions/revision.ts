import { contentHash, groupOf, type WindowProgram } from '@groundswell/graph';
import { partitionOf } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';
import { definitionOf } from '../checkpoint.ts';

/** Names what counts where: programs of one revision can go on from the same state. */
export const revisionName = (program: WindowProgram): string => contentHash(definitionOf(program, 0));

/** What a revision has of its own, so that several of one window can run beside each other. */
export interface Belongings {
  /** Of the consumers that read for it. */
  readonly group: string;
  /** Where the state of a shard lies in the changelog. */
  placeOf(partition: number): number;
  /** The hash that says how far it is. */
  readonly watermarks: string;
  /** Before the keys of its results, while those of another revision are at the declared ones. */
  readonly prefix: string;
}

/** States of lanes begin here, see `lanePlace`; each has this many places, of which their partitions take the first half. */
const grain = 100_000;

/** @param suffix of the revision: the first one of a window has none, and so the names that somebody expects */
export const belongingsOf = (program: WindowProgram, suffix: string): Belongings => {
  const keys = keysOf(program.pipeline);
  const base = suffix === '' ? 0 : (1 + partitionOf(`revision ${suffix}`, 0x7fffffff)) * grain + grain / 2;
  return {
    group: suffix === '' ? groupOf(program) : `${groupOf(program)}.${suffix}`,
    placeOf: (partition) => base + partition,
    watermarks: keys.watermarks(program.window, suffix),
    prefix: keys.beside(program.window, suffix),
  };
};

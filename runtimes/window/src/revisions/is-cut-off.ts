import type { WindowProgram } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import { shardTopicOf } from '../open-shards.ts';
import { updateOf } from './update.ts';

/** Whether the log no longer has the beginning of what a revision is warmed up from. */
export const isCutOff = async (program: WindowProgram, { log }: Ports): Promise<boolean> => {
  if (updateOf(program).warmFrom === 'Nothing') return false;
  const bounds = await log.bounds(shardTopicOf(program));
  return bounds.some(({ start }) => start > 0n);
};

import type { WindowProgram } from '@groundswell/graph';
import type { Fence, KeyValue } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';

/**
 * Draws an epoch above all that were drawn before, and above those that were saved: a store of keys that has lost its
 * memory counts from the beginning.
 */
export const drawEpoch = async (
  { pipeline, window }: WindowProgram,
  keyValue: KeyValue,
  saved: number,
): Promise<number> => {
  const add = async (by: number): Promise<number> => {
    const batch = keyValue.batch();
    const reply = batch.counterAdd(keysOf(pipeline).epochs(window), by);
    await batch.run();
    return reply.value();
  };
  const epoch = await add(1);
  return epoch > saved ? epoch : add(saved - epoch + 1);
};

export const fenceOf = ({ pipeline, window }: WindowProgram, epoch: number): Fence => ({
  scope: keysOf(pipeline).fence(window),
  epoch,
});

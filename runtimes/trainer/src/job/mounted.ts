import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import type { Shelf } from '../artifacts.ts';

/** The folder of a claim that a model's artifacts are published to: as it is mounted here, and as scorers name it. */
export const shelfIn = (mounts: string, { publish: { claim, folder }, model }: TrainerProgram): Shelf => {
  if (claim === undefined)
    throw new Error('Cannot publish: the program names no place, publish.volume or s3 is needed');
  const below = join(folder, model);
  return { path: join(mounts, 'claims', claim, below), uri: `pvc://${claim}/${below}` };
};

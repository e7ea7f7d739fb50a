import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { openRevisions } from './revisions/revisions.ts';
import { createSinks } from './sinks/create-sinks.ts';
import { windowerOptionsOf } from './windower-options.ts';

/**
 * Starts a worker of a FeatureWindow: with the shards that its group gives it, where each was last saved, else with what
 * its topic holds. The topics have to exist.
 *
 * @throws CelError, RangeError or Error for a program that cannot run; CorruptCheckpointError for a checkpoint that does
 * not parse
 */
export const startWindow = async (program: WindowProgram, ports: Ports): Promise<Running> => {
  // Made again for each shard; a program that cannot run is refused before it reads.
  windowerOptionsOf(program);
  createSinks(program, ports.clock);
  return openRevisions(program, ports);
};

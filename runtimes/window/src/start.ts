import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createSinks } from './sinks/create-sinks.ts';
import { createWindow } from './window.ts';
import { windowerOptionsOf } from './windower-options.ts';
import { createWrites } from './writes.ts';

/**
 * Starts a FeatureWindow where it was last saved, else with what its topic holds. The topics have to exist.
 *
 * @throws CelError, RangeError or Error for a program that cannot run; CorruptCheckpointError for a checkpoint that does
 * not parse
 */
export const startWindow = async (program: WindowProgram, ports: Ports): Promise<Running> => {
  const options = windowerOptionsOf(program);
  const sinks = createSinks(program, ports.clock);
  const producer = await ports.log.producer();
  return createWindow(program, ports, { options, sinks, producer, writes: createWrites(ports.keyValue, producer) });
};

import type { WindowProgram } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import { createWindower, type Windower, type WindowerOptions } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';
import { decodeCheckpoint, definitionOf, sinksOf, type WindowCheckpoint } from './checkpoint.ts';

/** Where a worker goes on. */
export interface Restored {
  readonly windower: Windower<SocialEvent>;
  /** Partition → the next offset to read. */
  readonly positions: ReadonlyMap<number, bigint>;
}

/**
 * Goes on from the last checkpoint. Without one, or when the window is defined differently now, it begins with what the
 * topic still holds.
 *
 * @throws CorruptCheckpointError, CorruptSnapshotError
 */
export const restore = async (
  program: WindowProgram,
  ports: Ports,
  options: WindowerOptions<SocialEvent>,
): Promise<Restored> => {
  const { log, checkpoints, logger } = ports;
  const bounds = await log.bounds(program.input.topic.name);
  const bytes = await checkpoints.load(program.name);
  const saved = bytes === undefined ? undefined : decodeCheckpoint(program.name, bytes);
  if (saved === undefined || saved.definition !== definitionOf(program)) {
    if (saved !== undefined)
      logger.warn({ window: program.window }, 'window is defined anew, made of what the topic holds');
    return {
      windower: createWindower(options),
      positions: new Map(bounds.map(({ partition, start }) => [partition, start])),
    };
  }
  for (const { partition, start } of bounds) warnOfGap(program, ports, { saved, partition, start });
  const windower = createWindower(options, saved.snapshot);
  if (saved.sinks !== sinksOf(program)) windower.republish();
  const { positions } = saved;
  return {
    windower,
    positions: new Map(bounds.map(({ partition, start }) => [partition, latest(positions.get(partition), start)])),
  };
};

const latest = (a: bigint | undefined, b: bigint): bigint => (a !== undefined && a > b ? a : b);

/** The topic's retention was shorter than the worker was away. */
const warnOfGap = (
  { window }: WindowProgram,
  { logger }: Ports,
  { saved, partition, start }: { saved: WindowCheckpoint; partition: number; start: bigint },
): void => {
  const next = saved.positions.get(partition);
  if (next === undefined || next >= start) return;
  logger.error(
    { window, partition, offset: String(next), records: String(start - next) },
    'records were removed from the topic before they were read',
  );
};

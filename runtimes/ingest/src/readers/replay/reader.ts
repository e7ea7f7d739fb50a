import type { ReplayReader } from '@groundswell/graph';
import { createPacedReader } from '../../paced-reader.ts';
import type { Cursor, SourceReader, World } from '../../source-reader.ts';
import { openFiles } from './mapped-file.ts';
import { mergeInOrder } from './order.ts';
import { type Filtered, placeRows } from './place.ts';
import { type Loaded, sortInMemory } from './sort.ts';
import { createReplayTimeline, type ReplayCursor } from './timeline.ts';

/** Files as a source: rows in the order of event time, mapped to events, tick by tick, at some pace. */
export const openReplay = async (
  options: { readonly reader: ReplayReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): Promise<SourceReader> => {
  const { reader, source } = options;
  const files = await openFiles(reader.files, world.resolvePath);
  const filtered: Filtered = { count: 0 };
  const loaded: Loaded = { rows: 0 };
  const isSorted = reader.order === 'Sort';
  const placed = files.map((file, number) => placeRows(file, number, filtered, !isSorted));
  const timeline = createReplayTimeline({
    files,
    source,
    onBadRow: reader.onBadRow,
    isSorted,
    rows: isSorted ? sortInMemory(placed, loaded) : mergeInOrder(placed),
    share: (given) =>
      isSorted ? given / Math.max(1, loaded.rows) : files.reduce((sum, file) => sum + file.share(), 0) / files.length,
    ignored: () => ({ filtered: filtered.count }),
  });
  // Written by the timeline's `cursor` and by nobody else.
  const reached = from === undefined ? undefined : await timeline.skip(from as ReplayCursor);
  return createPacedReader(timeline, reader, world, reached);
};

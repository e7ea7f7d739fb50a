import type { GeneratorReader } from '@groundswell/graph';
import type { SocialEvent } from '@groundswell/wire';
import { createPacedReader, type Timed, type Timeline } from '../../paced-reader.ts';
import type { Cursor, SourceReader, World } from '../../source-reader.ts';
import { generateEvents } from './generate.ts';

/** How many events that arrived at this moment were given, besides all that arrived before it. */
interface Arrived {
  readonly at: number;
  readonly count: number;
}

/** Few: what is held when the garbage collector looks is copied, which costs more than asking for rows more often. */
const chunk = 64;

/** The generator as a source: paced by the arrival of its events. What it gives is a function of the configuration. */
export const openGenerator = (
  options: { readonly reader: GeneratorReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): SourceReader => {
  const { reader, source } = options;
  // Written by `cursor` below and by nobody else.
  const arrived = (from as Arrived | undefined) ?? { at: reader.startAt, count: 0 };
  const timeline = createTimeline({ ...reader, source }, arrived);
  return createPacedReader(timeline, reader, world, arrived.count === 0 ? undefined : arrived.at);
};

const createTimeline = (options: Parameters<typeof generateEvents>[0], arrived: Arrived): Timeline => {
  const events = generateEvents(options, arrived.at);
  for (let skipped = 0; skipped < arrived.count; skipped++) events.next();
  let before = { at: arrived.at, count: arrived.count };
  let givenBefore = 0;
  let rows: readonly Timed[] = [];

  const after = (count: number): Arrived => {
    let { at, count: same } = before;
    for (const row of rows.slice(0, count)) [at, same] = [row.at, row.at === at ? same + 1 : 1];
    return { at, count: same };
  };
  return {
    more: async () => {
      before = after(rows.length);
      givenBefore += rows.length;
      rows = takeFrom(events, chunk);
      return rows.length === 0 ? undefined : rows;
    },
    cursor: (given) => after(given - givenBefore),
    share: () =>
      options.durationMs === undefined
        ? undefined
        : Math.min(1, Math.max(0, (before.at - options.startAt) / options.durationMs)),
    // Of arrival, that is, and not of the events.
    isSorted: false,
    ignored: () => ({}),
    close: async () => undefined,
  };
};

const takeFrom = (events: Iterator<SocialEvent>, count: number): readonly Timed[] => {
  const rows: Timed[] = [];
  while (rows.length < count) {
    const { done, value: event } = events.next();
    if (done === true) break;
    rows.push({ at: event.ingested_at, incoming: { kind: 'event', event, from: undefined } });
  }
  return rows;
};

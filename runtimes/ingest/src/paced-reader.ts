import type { Health } from '@groundswell/process';
import {
  type Cursor,
  type Incoming,
  type Reading,
  type SourceReader,
  SourceStalledError,
  type World,
} from './source-reader.ts';

/** A row with the event time by which it is due, ms; -Infinity for one without a time before all that have one. */
export interface Timed {
  readonly at: number;
  readonly incoming: Incoming;
}

/** Rows in the order in which they shall be given, some at a time. */
export interface Timeline {
  /** The next few, never an empty list; undefined at the end. @throws SourceStalledError */
  more(): Promise<readonly Timed[] | undefined>;
  /** Stands for the rows before the one given; `given` rows were given since the timeline was opened. */
  cursor(given: number): Cursor;
  /** 0..1, of a timeline that has an end; `given` as above. */
  share(given: number): number | undefined;
  ignored(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface Pace {
  /** Seconds of event time in a second of the clock. */
  readonly speed: number | 'max';
  /** Rows are given in slices of event time of this length, so that a fast run sees the same slices as a slow one. */
  readonly tickMs: number;
}

const isPlaced = ({ at }: Timed): boolean => at !== Number.NEGATIVE_INFINITY;

/** A slice with more rows than this is given in parts. They depend on the rows only, so they are the same in every run. */
const mostRows = 65_536;

/**
 * Gives a timeline's rows tick by tick of event time, at some pace. A tick is given whole once its end is due; one call gives
 * rows of one tick only. A row before the newest tick (out of order) is given with the tick in which it came.
 */
export const createPacedReader = (
  timeline: Timeline,
  pace: Pace,
  world: Pick<World, 'clock' | 'sleep'>,
  reached = Number.NEGATIVE_INFINITY,
): SourceReader => {
  const { clock, sleep } = world;
  let rows: readonly Timed[] | undefined = [];
  let index = 0;
  let given = 0;
  let newestAt = reached;
  let { speed } = pace;
  let anchor: { readonly wall: number; readonly at: number } | undefined;
  let stalled: SourceStalledError | undefined;

  const fill = async (): Promise<void> => {
    if (rows === undefined || index < rows.length || stalled !== undefined) return;
    try {
      rows = await timeline.more();
      index = 0;
    } catch (error) {
      if (!(error instanceof SourceStalledError)) throw error;
      stalled = error;
    }
  };
  const endOfTick = (at: number): number => (Math.floor(Math.max(at, newestAt) / pace.tickMs) + 1) * pace.tickMs;
  const positionOf = (wall: number): number | undefined =>
    anchor === undefined || speed === 'max' ? undefined : anchor.at + (wall - anchor.wall) * speed;

  /** Whether the tick that ends then is due, within the wait. */
  const isDue = async (until: number, maxWaitMs: number): Promise<boolean> => {
    if (speed === 'max' || !Number.isFinite(until)) return true;
    anchor ??= { wall: clock.now(), at: until - pace.tickMs };
    const dueAt = anchor.wall + (until - anchor.at) / speed;
    const early = dueAt - clock.now();
    if (early > 0 && maxWaitMs > 0) await sleep(Math.min(early, maxWaitMs));
    return clock.now() >= dueAt;
  };
  /** Rows of the tick, from where we are. */
  const take = async (until: number): Promise<Incoming[]> => {
    const taken: Incoming[] = [];
    for (;;) {
      if (rows !== undefined && index >= rows.length) await fill();
      const row = rows?.[index];
      if (row === undefined || (isPlaced(row) && row.at >= until) || taken.length >= mostRows) return taken;
      if (row.at > newestAt) newestAt = row.at;
      taken.push(row.incoming);
      index++;
      given++;
    }
  };
  const next = async (maxWaitMs: number): Promise<Reading> => {
    await fill();
    if (stalled !== undefined) {
      if (maxWaitMs > 0) await sleep(maxWaitMs);
      return { rows: [], done: false };
    }
    const first = rows?.[index];
    if (first === undefined) return { rows: [], done: true };
    const until = endOfTick(first.at);
    if (!(await isDue(until, maxWaitMs))) return { rows: [], done: false };
    return { rows: await take(until), done: false };
  };
  const health = (): Health =>
    stalled === undefined ? { kind: 'ready' } : { kind: 'stalled', reason: stalled.reason, message: stalled.message };
  const progress = () => {
    const share = rows === undefined ? 1 : timeline.share(given);
    return {
      ...(share === undefined ? {} : { share }),
      ...(Number.isFinite(newestAt) ? { at: newestAt } : {}),
    };
  };

  return {
    next,
    cursor: () => timeline.cursor(given),
    progress,
    health,
    ignored: timeline.ignored,
    setSpeed: (wanted) => {
      const wall = clock.now();
      const at = positionOf(wall);
      anchor = at === undefined ? undefined : { wall, at };
      speed = wanted;
    },
    close: timeline.close,
  };
};

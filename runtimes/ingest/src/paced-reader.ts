import type { Health } from '@groundswell/process';
import type { SocialEvent } from '@groundswell/wire';
import {
  type Cursor,
  type Incoming,
  type Reading,
  type SourceReader,
  SourceStalledError,
  type Stops,
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
  /** The times of rows are event times and never go back, so that the end of a tick is a watermark. */
  readonly isSorted: boolean;
  ignored(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface Pace {
  /** Seconds of event time in a second of the clock. */
  readonly speed: number | 'max';
  /** Rows are given in slices of event time of this length, so that a fast run sees the same slices as a slow one. */
  readonly tickMs: number;
}

const isStop = (incoming: Incoming, stopsAt: (event: SocialEvent) => boolean): boolean =>
  incoming.kind === 'event' && stopsAt(incoming.event);

const nothing: Reading = { rows: [], done: false };

const isPlaced = ({ at }: Timed): boolean => at !== Number.NEGATIVE_INFINITY;

/** A slice with more rows than this is given in parts. They depend on the rows only, so they are the same in every run. */
const mostRows = 65_536;

/** What a gap between rows needs: see `stopIn`. */
interface Gap {
  /** The watermark that was given last; every event up to it has come. */
  readonly promised: number;
  /** Start of the tick of the next row. */
  readonly start: number;
  readonly tickMs: number;
}

/**
 * The next watermark within a gap, or undefined where there is none left to give. It stops in front of the tick that holds
 * `horizon` and again behind it: whatever is due in that tick then sees the windows as they are at its start.
 */
const stopIn = ({ promised, start, tickMs }: Gap, horizon = Number.POSITIVE_INFINITY): number | undefined => {
  const end = start - 1;
  if (!Number.isFinite(promised) || end <= promised) return undefined;
  const due = Math.floor(Math.max(horizon, promised + 1) / tickMs) * tickMs;
  if (!(due < start)) return end;
  return due - 1 > promised ? due - 1 : due + tickMs - 1;
};

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
  let promised = Math.floor(reached / pace.tickMs) * pace.tickMs - 1;
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
  const startOfTick = (at: number): number => Math.floor(at / pace.tickMs) * pace.tickMs;
  const endOfTick = (at: number): number => startOfTick(Math.max(at, newestAt)) + pace.tickMs;
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
  /** A watermark as far as the clock is, at most to `stop`. */
  const promise = async (stop: number, maxWaitMs: number): Promise<Reading> => {
    const position = positionOf(clock.now());
    const watermark = position === undefined ? stop : Math.min(stop, startOfTick(position) - 1);
    if (watermark <= promised) {
      await isDue(promised + 1 + pace.tickMs, maxWaitMs);
      return nothing;
    }
    promised = watermark;
    return { rows: [], watermark, done: false };
  };
  /**
   * The end of the tick of the next row, if all of it is at hand and nobody stops in it or before it. What is not at hand is
   * not fetched: a cursor stands for what was given.
   */
  const quietTick = ({ horizon = Number.POSITIVE_INFINITY, stopsAt }: Stops): number | undefined => {
    const first = rows?.[index];
    if (rows === undefined || first === undefined || stopsAt === undefined) return undefined;
    const end = endOfTick(first.at);
    if (horizon < end) return undefined;
    for (let i = index; i < rows.length; i++) {
      const row = rows[i];
      if (row === undefined || row.at >= end) return end;
      if (isStop(row.incoming, stopsAt)) return undefined;
    }
    return undefined;
  };
  /** Goes on over ticks that nobody looks into; answers the end of the last. */
  const takeQuiet = async (taken: Incoming[], until: number, stops: Stops): Promise<number> => {
    const { horizon = Number.POSITIVE_INFINITY, stopsAt } = stops;
    if (speed !== 'max' || stopsAt === undefined || horizon < until) return until;
    if (taken.some((incoming) => isStop(incoming, stopsAt))) return until;
    let end = until;
    for (let next = quietTick(stops); next !== undefined && taken.length < mostRows; next = quietTick(stops)) {
      taken.push(...(await take(next)));
      end = next;
    }
    return end;
  };
  const next = async (maxWaitMs: number, stops: Stops = {}): Promise<Reading> => {
    await fill();
    if (stalled !== undefined) {
      if (maxWaitMs > 0) await sleep(maxWaitMs);
      return nothing;
    }
    const first = rows?.[index];
    if (first === undefined) return { rows: [], done: true };
    const until = endOfTick(first.at);
    const gap = { promised, start: until - pace.tickMs, tickMs: pace.tickMs };
    const stop = timeline.isSorted && isPlaced(first) ? stopIn(gap, stops.horizon) : undefined;
    if (stop !== undefined) return promise(stop, maxWaitMs);
    if (!(await isDue(until, maxWaitMs))) return nothing;
    const taken = await take(until);
    const isWhole = timeline.isSorted && taken.length < mostRows && Number.isFinite(until);
    if (!isWhole) return { rows: taken, done: false };
    promised = (await takeQuiet(taken, until, stops)) - 1;
    return { rows: taken, watermark: promised, done: false };
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
    adopt: (changed) => {
      if (!('speed' in changed)) return;
      const wall = clock.now();
      const at = positionOf(wall);
      anchor = at === undefined ? undefined : { wall, at };
      speed = changed.speed;
    },
    close: timeline.close,
  };
};

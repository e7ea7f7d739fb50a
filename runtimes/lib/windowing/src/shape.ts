/** Windows of one length, built from panes: half-open, `[start, end)`, and aligned to the epoch. */
export type Slices =
  | { readonly kind: 'tumble'; readonly sizeMs: number }
  | { readonly kind: 'hop'; readonly sizeMs: number; readonly everyMs: number };

/** Windows of one key that last while events keep coming, as Flink has them: until `gapMs` after the last one. */
export interface SessionShape {
  readonly kind: 'session';
  /** Events that lie so far apart, or nearer, belong together. */
  readonly gapMs: number;
  /** An event so long after the start of a session, or longer, begins the next one. */
  readonly maxMs?: number | undefined;
}

/** One window without end. */
export interface GlobalShape {
  readonly kind: 'global';
  /** How often changed values are told. */
  readonly everyMs: number;
  /** A key is dropped so long after its newest event. Absent: never. */
  readonly forgetAfterMs?: number | undefined;
}

/** Counts and sums of everything, each part of which counts half after a half-life. */
export interface DecayShape {
  readonly kind: 'decay';
  readonly halfLifeMs: number;
  /** How often values are told. */
  readonly everyMs: number;
  /** A key is dropped when all that it holds is smaller. */
  readonly forgetBelow: number;
}

export type RunningShape = GlobalShape | DecayShape;

/** A sequence of conditions on the events of one key, in the order of event time, then of arrival. */
export interface PatternShape<E> {
  readonly kind: 'pattern';
  /** 1 to 30 steps; the first one not absent. */
  readonly sequence: readonly PatternStep<E>[];
  /** An event so long after the first of a match, or longer, does not belong to it. */
  readonly withinMs: number;
  /**
   * An event begins one match at most, and matches end in the order in which they began.
   * SkipPastLast: the next one begins behind the last event of the one before. SkipToNext, NoSkip: every event may begin one.
   */
  readonly afterMatch: 'SkipPastLast' | 'SkipToNext' | 'NoSkip';
}

export interface PatternStep<E> {
  readonly name: string;
  readonly where: (event: E) => boolean;
  /** So often at least, and at most. As many as come are taken; as the last step, no more than it needs. */
  readonly min: number;
  readonly max: number;
  /** No other event of the key comes before any of its events. Else others are skipped. */
  readonly strict: boolean;
  /** Such an event must not come between the steps around it; as the last step, not until the time is over. */
  readonly absent: boolean;
}

/** How events are put together in time, but for patterns. */
export type Shape = Slices | SessionShape | RunningShape;

export const wholeMs = (kind: Shape['kind'] | 'pattern', lengths: readonly number[]): void => {
  for (const ms of lengths)
    if (!Number.isSafeInteger(ms) || ms < 1)
      throw new RangeError(`Cannot build a ${kind} window: ${ms} ms is given, a whole number above 0 is needed`);
};

/** @throws RangeError for lengths that are not positive and whole */
export const checkedSession = (shape: SessionShape): SessionShape => {
  const { gapMs, maxMs } = shape;
  wholeMs('session', maxMs === undefined ? [gapMs] : [gapMs, maxMs]);
  return shape;
};

/**
 * How windows are built from panes: slices of `everyMs`, of which `panes` make a window.
 *
 * Two numbers count in units of `everyMs` since the epoch. A *pane* p holds what happened in `[p, p + 1)`. A *tick* t
 * is the moment at which the window with that end, made of the panes t − panes … t − 1, is whole.
 */
export interface Paning {
  readonly everyMs: number;
  readonly panes: number;
}

/** @throws RangeError for a size that is not positive and whole, or that `everyMs` does not divide */
export const paningOf = (shape: Slices): Paning => {
  const everyMs = shape.kind === 'tumble' ? shape.sizeMs : shape.everyMs;
  wholeMs(shape.kind, [shape.sizeMs, everyMs]);
  if (shape.sizeMs % everyMs !== 0)
    throw new RangeError(`Cannot build a hop window: everyMs ${everyMs} does not divide sizeMs ${shape.sizeMs}`);
  return { everyMs, panes: shape.sizeMs / everyMs };
};

/** The newest tick that a watermark has reached: a window fires when the watermark is at its end − 1. */
export const tickAt = ({ everyMs }: Paning, watermark: number): number => Math.floor((watermark + 1) / everyMs);

/** @throws RangeError for lengths that are not positive and whole */
export const checkedRunning = (shape: RunningShape): RunningShape => {
  const { kind, everyMs } = shape;
  if (kind === 'decay') wholeMs(kind, [everyMs, shape.halfLifeMs]);
  else wholeMs(kind, shape.forgetAfterMs === undefined ? [everyMs] : [everyMs, shape.forgetAfterMs]);
  return shape;
};

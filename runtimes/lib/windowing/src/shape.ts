/** Windows of one length, built from panes: half-open, `[start, end)`, and aligned to the epoch. */
export type Slices =
  | { readonly kind: 'tumble'; readonly sizeMs: number }
  | { readonly kind: 'hop'; readonly sizeMs: number; readonly everyMs: number };

/** How events are put together in time. More kinds come beside these. */
export type Shape = Slices;

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
  for (const ms of [shape.sizeMs, everyMs])
    if (!Number.isSafeInteger(ms) || ms < 1)
      throw new RangeError(`Cannot build a ${shape.kind} window: ${ms} ms is given, a whole number above 0 is needed`);
  if (shape.sizeMs % everyMs !== 0)
    throw new RangeError(`Cannot build a hop window: everyMs ${everyMs} does not divide sizeMs ${shape.sizeMs}`);
  return { everyMs, panes: shape.sizeMs / everyMs };
};

/** The newest tick that a watermark has reached: a window fires when the watermark is at its end − 1. */
export const tickAt = ({ everyMs }: Paning, watermark: number): number => Math.floor((watermark + 1) / everyMs);

import type { WindowProgram } from '@groundswell/graph';

/** Where the resource says nothing. */
const byDefault: NonNullable<WindowProgram['update']> = { warmFrom: 'Topic', maxWarmUpMs: 1_800_000, keepOldMs: 0 };
export const updateOf = ({ update = byDefault }: WindowProgram) => update;

/** Of something that fades, less than a hundredth is left after so many half-lives. */
const fadedAfter = 7;
/** Sessions without a longest are rarely longer than so many gaps. */
const gapsOfSession = 10;

/** How far back input counts in a window that fires now, event time, ms. Infinity: to the beginning. */
export const spanOf = ({ shape, allowedLatenessMs }: WindowProgram): number => {
  switch (shape.kind) {
    case 'tumble':
    case 'hop':
      return shape.sizeMs + allowedLatenessMs;
    case 'session':
      return (shape.maxMs ?? gapsOfSession * shape.gapMs) + allowedLatenessMs;
    case 'pattern':
      return shape.withinMs + allowedLatenessMs;
    case 'decay':
      return fadedAfter * shape.halfLifeMs;
    case 'global':
      return shape.forgetAfterMs ?? Number.POSITIVE_INFINITY;
  }
};

import type { ScoreAt } from '@groundswell/wire';

export interface Box {
  readonly width: number;
  readonly height: number;
  /** Kept free on all sides, for the stroke and the last point. */
  readonly inset: number;
}

export interface SparklinePath {
  readonly line: string;
  /** The line down to the bottom, to be filled. */
  readonly area: string;
  readonly last: { readonly x: number; readonly y: number };
}

/** Scores that differ by less than this look flat; otherwise noise would look like growth. */
const leastSpan = 0.15;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where the line lies in the box: time from left to right, the lowest score at the bottom. undefined when there is nothing to draw. */
export const sparklinePath = (
  history: readonly ScoreAt[],
  { width, height, inset }: Box,
): SparklinePath | undefined => {
  const [first] = history;
  const end = history.at(-1);
  if (first === undefined || end === undefined) return undefined;
  const scores = history.map(({ score }) => score);
  const lowest = Math.min(...scores);
  const highest = Math.max(...scores);
  const span = Math.max(highest - lowest, leastSpan);
  // What is flat lies in the middle, but never outside of 0..1.
  const floor = Math.max(0, Math.min(1 - span, (lowest + highest - span) / 2));
  const time = Math.max(1, end.at - first.at);
  const xOf = (at: number) => round(inset + ((at - first.at) / time) * (width - 2 * inset));
  const yOf = (score: number) => round(height - inset - ((score - floor) / span) * (height - 2 * inset));
  // A single score is a level line: it says how high, not that it grows.
  const points =
    history.length === 1
      ? [
          { x: inset, y: yOf(first.score) },
          { x: width - inset, y: yOf(first.score) },
        ]
      : history.map(({ at, score }) => ({ x: xOf(at), y: yOf(score) }));
  const line = `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`;
  const last = points.at(-1) ?? { x: inset, y: height };
  return { line, area: `${line}V${height}H${points[0]?.x ?? inset}Z`, last };
};

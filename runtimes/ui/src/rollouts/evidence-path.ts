import type { RolloutPoint } from '@groundswell/wire';

interface Box {
  readonly width: number;
  readonly height: number;
  readonly inset: number;
}

export interface EvidencePath {
  readonly line: string;
  /** Height of the boundary: evidence above it decides. */
  readonly boundary: number;
  readonly last: { readonly x: number; readonly y: number };
}

/** Evidence multiplies, so it is drawn by its logarithm. */
const heightOf = (evidence: number): number => Math.log10(Math.max(evidence, 1e-3));

/** The evidence over time, with its boundary in sight; undefined before there is any. */
export const evidencePath = (
  points: readonly RolloutPoint[],
  { width, height, inset }: Box,
): EvidencePath | undefined => {
  const first = points[0];
  const newest = points.at(-1);
  if (first === undefined || newest === undefined) return undefined;
  const values = points.map(({ evidence }) => heightOf(evidence));
  const goal = heightOf(newest.boundary);
  const low = Math.min(0, ...values);
  const high = Math.max(goal, ...values) + 0.15;
  const span = Math.max(1, newest.at - first.at);
  const x = (at: number) => round(inset + ((at - first.at) / span) * (width - 2 * inset));
  const y = (value: number) => round(height - inset - ((value - low) / (high - low)) * (height - 2 * inset));
  const places = points.map(({ at }, i) => ({ x: x(at), y: y(values[i] ?? 0) }));
  return {
    line: places.map((place, i) => `${i === 0 ? 'M' : 'L'}${place.x} ${place.y}`).join(''),
    boundary: y(goal),
    last: places.at(-1) ?? { x: 0, y: 0 },
  };
};

const round = (value: number): number => Math.round(value * 10) / 10;

import type { Ending } from './stream.ts';

/** How often connecting failed in a row. */
interface Failures {
  /** Before this one. */
  readonly all: number;
  /** Before this one, of the same class: of the network, of HTTP, or of too many requests. */
  readonly same: number;
}

/** How long to wait before the next attempt, ms. */
export type Wait = (ending: Ending, failures: Failures) => number;

export type EndingClass = 'network' | 'http' | 'rate';

export const classOf = ({ status }: Ending): EndingClass => {
  if (status === 429 || status === 420) return 'rate';
  return status === undefined ? 'network' : 'http';
};

/** Answers that stay the same until a person changes something. */
export const needsPerson = ({ status }: Ending): boolean =>
  status !== undefined && status >= 400 && status < 500 && ![408, 420, 425, 429].includes(status);

/** Doubles from the initial wait to the largest; the upper half of it by chance, so that many clients do not come at once. */
export const doubling =
  ({ initialMs, maxMs }: { readonly initialMs: number; readonly maxMs: number }, random: () => number): Wait =>
  (_, { all }) =>
    Math.min(maxMs, initialMs * 2 ** Math.min(all, 30)) * (0.5 + random() / 2);

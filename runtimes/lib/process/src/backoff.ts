export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** In [0, 1): spreads what failed together. */
  readonly random: () => number;
}

/** Wait before attempt `failures + 1`: doubled from `initialMs` up to `maxMs`, of which up to a fifth is left out by chance. */
export const backoffMs = (failures: number, { initialMs, maxMs, random }: BackoffOptions): number =>
  Math.min(maxMs, initialMs * 2 ** Math.min(failures, 30)) * (1 - random() / 5);

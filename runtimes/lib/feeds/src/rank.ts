/** An account in a ranking. */
export interface Ranked {
  readonly author: string;
  readonly score: number;
}

/**
 * The score of an account, from values of the window. Undefined for an account of which the window has nothing, or whose score
 * is no number: it is not ranked. What a window has not counted is 0.
 *
 * @param texts values of the window, as the store has them
 */
export const scoreOf = (
  texts: readonly (string | undefined)[],
  score: (values: readonly number[]) => number,
): number | undefined => {
  const values = texts.map((text) => (text === undefined ? Number.NaN : Number(text)));
  if (values.every(Number.isNaN)) return undefined;
  const scored = score(values.map((value) => (Number.isNaN(value) ? 0 : value)));
  return Number.isFinite(scored) ? scored : undefined;
};

/** The sum of the products. */
export const weighted =
  (weights: readonly number[]) =>
  (values: readonly number[]): number =>
    values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);

/** Highest score first, then by name, so that equal scores always come in the same order; at most so many. */
export const rank = (accounts: readonly Ranked[], keep: number): readonly Ranked[] =>
  [...accounts].sort((a, b) => b.score - a.score || (a.author < b.author ? -1 : 1)).slice(0, keep);

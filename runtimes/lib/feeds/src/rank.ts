/** An account in a ranking. */
export interface Ranked {
  readonly author: string;
  readonly score: number;
}

/**
 * The sum of the products. Undefined for an account of which the window has nothing: it is not ranked. What a window has not
 * counted is 0.
 *
 * @param texts values of the window, in the order of the weights
 */
export const scoreOf = (texts: readonly (string | undefined)[], weights: readonly number[]): number | undefined => {
  let score: number | undefined;
  for (const [i, text] of texts.entries()) {
    const value = text === undefined ? Number.NaN : Number(text);
    if (!Number.isNaN(value)) score = (score ?? 0) + value * (weights[i] ?? 0);
  }
  return score;
};

/** Highest score first, then by name, so that equal scores always come in the same order; at most so many. */
export const rank = (accounts: readonly Ranked[], keep: number): readonly Ranked[] =>
  [...accounts].sort((a, b) => b.score - a.score || (a.author < b.author ? -1 : 1)).slice(0, keep);

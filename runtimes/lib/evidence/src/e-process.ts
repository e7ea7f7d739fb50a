/** Shares of the stake that are bet, from 90 % to 1 %: the evidence is a mixture over them, so the size of the effect need not be known. */
const bets = Array.from({ length: 10 }, (_, i) => 0.9 * 0.6 ** i);

/** Factors between two logarithms: their product stays far inside what a double holds. */
const factorsAtOnce = 32;

/** log of what a stake becomes when the share `lambda` of it is bet on each difference being above `mean`. */
const logStake = (differences: readonly number[], mean: number, lambda: number): number => {
  let log = 0;
  let product = 1;
  for (let i = 0; i < differences.length; i++) {
    product *= 1 + lambda * (differences[i]! - mean);
    if (i % factorsAtOnce !== factorsAtOnce - 1) continue;
    log += Math.log(product);
    product = 1;
  }
  return log + Math.log(product);
};

const logMeanExp = (logs: readonly number[]): number => {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
};

/**
 * log of the e-value of the differences against "the mean of each, given those before it, is at most `mean`". Under that
 * hypothesis the e-value of a growing series ever reaches 1/alpha with a probability of at most alpha, however often one
 * looks (Ville's inequality), whatever their distribution in [−1, 1]. The order of the differences does not matter.
 *
 * Source: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024), section 4:
 * a stake is multiplied by 1 + λ(x − mean), λ in [0, 1/(1 + mean)); here the mean of 10 such stakes.
 *
 * @param differences each in [−1, 1]
 * @param mean in (−1, 1)
 */
export const logEvidence = (differences: readonly number[], mean: number): number =>
  logMeanExp(bets.map((bet) => logStake(differences, mean, bet / (1 + mean))));

/** Halvings of [−1, 1] until the end of an interval is known to a millionth. */
const halvings = 21;

/** The smallest mean that the differences do not speak against at level alpha. */
const lowerEnd = (differences: readonly number[], alpha: number): number => {
  const enough = Math.log(1 / alpha);
  let [refuted, possible] = [-1, 1];
  for (let i = 0; i < halvings; i++) {
    const middle = (refuted + possible) / 2;
    // The evidence falls with the mean, so the means that are refuted lie below all others.
    if (logEvidence(differences, middle) >= enough) refuted = middle;
    else possible = middle;
  }
  return refuted;
};

export interface Sequence {
  readonly low: number;
  readonly high: number;
}

/**
 * The confidence sequence of the mean: at all times together it holds the mean with a probability of at least 1 − alpha.
 *
 * @param differences each in [−1, 1]
 */
export const confidenceSequence = (differences: readonly number[], alpha: number): Sequence => {
  const mirrored = differences.map((difference) => -difference);
  return { low: lowerEnd(differences, alpha / 2), high: -lowerEnd(mirrored, alpha / 2) };
};

/** Keys that were given to either side while the challenger's declared share was `share`. */
export interface Segment {
  /** In (0, 1), of the keys of both variants. */
  readonly share: number;
  readonly champion: number;
  readonly challenger: number;
}

const logGamma = (x: number): number => {
  // Lanczos, g = 7: relative error below 1e-13 for x > 0.
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  const sum = coefficients.reduce((total, c, i) => total + c / (z + i + 1), 0.99999999999980993);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
};
const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** How sharply the alternatives lie around the declared share: a prior worth so many keys. */
const priorKeys = 1000;

/**
 * log of the e-value against "each key goes to the challenger with the declared probability". At all times together it
 * exceeds log(1/alpha) with a probability of at most alpha where the split is as declared.
 *
 * Source: Lindon & Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022: the Bayes factor of a
 * Beta mixture around the declared share, multiplied over segments of different shares.
 */
export const logSplitEvidence = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { share, champion, challenger }) => {
    const [a, b] = [share * priorKeys, (1 - share) * priorKeys];
    const mixture = logBeta(a + challenger, b + champion) - logBeta(a, b);
    const declared = challenger * Math.log(share) + champion * Math.log(1 - share);
    return sum + mixture - declared;
  }, 0);

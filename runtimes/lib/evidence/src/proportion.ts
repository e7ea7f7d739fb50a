/** Normal quantile of a two-sided 95% interval. */
const z = 1.959964;

/**
 * Wilson's score interval of a share, 95%: right also for few cases and for shares near 0 and 1. Nothing is known of no cases.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export const shareInterval = (positives: number, cases: number): { readonly low: number; readonly high: number } => {
  if (cases === 0) return { low: 0, high: 1 };
  const share = positives / cases;
  const spread = z * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  const middle = share + (z * z) / (2 * cases);
  const scale = 1 + (z * z) / cases;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
};

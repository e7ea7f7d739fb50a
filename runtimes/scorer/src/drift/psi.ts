import type { Distribution } from './card.ts';

/** A share of nothing would make the index infinite. */
const least = 1e-4;

/** Counts of a distribution's bins: first the missing values, then those of each bin. */
export const binsOf = ({ shares }: Distribution): number => shares.length + 1;

/** The place of a value among the bins. */
export const binOf = ({ edges }: Distribution, value: number): number => {
  if (Number.isNaN(value)) return 0;
  let [from, to] = [0, edges.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value < (edges[middle] ?? 0)) to = middle;
    else from = middle + 1;
  }
  return from + 1;
};

/**
 * Population stability index: the sum of (now − then) · ln(now ÷ then) over the bins. As a rule 0.1 is little and 0.25 a
 * lot. So many rows differ by chance alone by (bins − 1) ÷ rows on average, which is taken off.
 */
export const psiOf = (then: Distribution, counts: Float64Array): number => {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  let index = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const known = bin === 0 ? then.missing : (then.shares[bin - 1] ?? 0) * (1 - then.missing);
    const [p, q] = [Math.max(least, (counts[bin] ?? 0) / rows), Math.max(least, known)];
    index += (p - q) * Math.log(p / q);
  }
  return Math.max(0, index - (counts.length - 1) / rows);
};

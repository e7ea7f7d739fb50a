/** Uniform in [0, 1). */
export type Random = () => number;

/** Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); a shape below 1 by a power of a uniform. */
const gamma = (shape: number, random: Random): number => {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
};

/** One draw from Beta(a, b), both above 0. In 0..1. */
export const beta = (a: number, b: number, random: Random): number => {
  const x = gamma(a, random);
  const sum = x + gamma(b, random);
  // Both may underflow where a and b are tiny; then one of the ends is as likely as its parameter.
  return sum > 0 ? x / sum : Number(random() < a / (a + b));
};

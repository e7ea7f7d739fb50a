/** Random numbers that are a function of their seed alone. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform integer in [0, limit). */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** exp of a normal with that median and deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
  exponential(mean: number): number;
  poisson(mean: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** One step of splitmix32: every state gives another well-mixed word. Finaliser of MurmurHash3 (A. Appleby, public domain). */
const mix = (state: number): number => {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
};

/** A seed made of several numbers, so that each post, author and hour has random numbers of its own. */
export const seedOf = (...parts: readonly number[]): number => {
  let seed = 0;
  for (const part of parts) seed = mix(mix(seed ^ (part | 0)) ^ Math.floor(part / 2 ** 32));
  return seed;
};

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** xoshiro128** 1.1 (D. Blackman, S. Vigna, 2018, public domain, https://prng.di.unimi.it), seeded by splitmix32. */
export const createRandom = (seed: number): Random => {
  let a = mix(seed);
  let b = mix(a);
  let c = mix(b);
  let d = mix(c) | 1;

  const unit = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return (result >>> 0) / 4_294_967_296;
  };
  // Box–Muller; 1 − u is never 0.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());

  return {
    unit,
    below: (limit) => Math.floor(unit() * limit),
    chance: (probability) => unit() < probability,
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    exponential: (mean) => -mean * Math.log(1 - unit()),
    poisson: (mean) => (mean > 30 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : knuth(mean, unit)),
    pick: (list) => list[Math.floor(unit() * list.length)] ?? list[0],
  };
};

/** Poisson by multiplying uniforms (D. Knuth, The Art of Computer Programming 2, 3.4.1); needs about `mean` of them. */
const knuth = (mean: number, unit: () => number): number => {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = unit(); product > limit; product *= unit()) count++;
  return count;
};

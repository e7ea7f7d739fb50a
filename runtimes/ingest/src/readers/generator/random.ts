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

/**
 * xoshiro128** 1.1 (D. Blackman, S. Vigna, 2018, public domain, https://prng.di.unimi.it), seeded by splitmix32. A class, as
 * each event makes two or three of them and the closures of one took 660 bytes.
 */
class Xoshiro implements Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    this.#a = mix(seed);
    this.#b = mix(this.#a);
    this.#c = mix(this.#b);
    this.#d = mix(this.#c) | 1;
  }

  unit(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return (result >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Box–Muller; 1 − u is never 0. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  poisson(mean: number): number {
    return mean > 30 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal())) : this.#knuth(mean);
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.unit() * list.length)] ?? list[0];
  }

  /** Poisson by multiplying uniforms (D. Knuth, The Art of Computer Programming 2, 3.4.1); needs about `mean` of them. */
  #knuth(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.unit(); product > limit; product *= this.unit()) count++;
    return count;
  }
}

export const createRandom = (seed: number): Random => new Xoshiro(seed);

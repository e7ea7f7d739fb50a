import type { ByteReader, ByteWriter } from './bytes.ts';
import { grown } from './grown.ts';

/**
 * Sums of doubles without any loss: what is added can be taken out again, and equal sums read equal whatever the order.
 *
 * A sum that fits a double is one. Where rounding would lose something, it becomes a list of doubles that do not overlap
 * and whose mathematical sum it is (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997; as in Python's `fsum`).
 * Numbers up to ±2^400 and their squares may be summed, see `numberOf`.
 */
export interface ExactSums {
  reserve(capacity: number): void;
  clear(row: number): void;
  add(row: number, value: number): void;
  /** Adds the product, of which nothing is lost either. */
  addTimes(row: number, value: number, times: number): void;
  /** Adds another row's sum, or takes it out with a sign of −1. */
  merge(row: number, other: number, sign: 1 | -1): void;
  /** The exact sum, rounded once to the nearest double. */
  read(row: number): number;
  /** Doubles that do not overlap, smallest first, whose sum it is. */
  terms(row: number): readonly number[];
  write(row: number, to: ByteWriter): void;
  load(row: number, from: ByteReader): void;
}

export const createExactSums = (): ExactSums => {
  let sums = new Float64Array(0);
  /** Of rows whose sum is no double. */
  const inexact = new Map<number, number[]>();

  const addSlowly = (row: number, value: number): void => {
    const terms = inexact.get(row) ?? [sums[row]!];
    addTerm(terms, value);
    if (terms.length > 1) inexact.set(row, terms);
    else {
      inexact.delete(row);
      sums[row] = terms[0] ?? 0;
    }
  };
  const add = (row: number, value: number): void => {
    const before = sums[row]!;
    const after = before + value;
    const rest = after - before;
    const lost = before - (after - rest) + (value - rest);
    if (lost === 0 && (inexact.size === 0 || !inexact.has(row))) sums[row] = after;
    else addSlowly(row, value);
  };
  const terms = (row: number): readonly number[] => inexact.get(row) ?? [sums[row]!];
  return {
    reserve: (capacity) => {
      sums = grown(sums, capacity);
    },
    clear: (row) => {
      sums[row] = 0;
      if (inexact.size > 0) inexact.delete(row);
    },
    add,
    addTimes: (row, value, times) => {
      if (times === 1) return add(row, value);
      const product: number[] = [];
      addProduct(product, value, times);
      for (const term of product) add(row, term);
    },
    merge: (row, other, sign) => {
      if (inexact.size === 0 || !inexact.has(other)) add(row, sign * sums[other]!);
      else for (const term of terms(other)) add(row, sign * term);
    },
    read: (row) => {
      const several = inexact.size === 0 ? undefined : inexact.get(row);
      return several === undefined ? sums[row]! : roundTerms(several);
    },
    terms,
    write: (row, to) => {
      const all = terms(row);
      to.number(all.length);
      for (const term of all) to.number(term);
    },
    load: (row, from) => {
      const all: number[] = [];
      for (let left = from.number(); left > 0; left--) all.push(from.number());
      if (all.length > 1) inexact.set(row, all);
      else sums[row] = all[0] ?? 0;
    },
  };
};

/** Adds a number to terms that do not overlap, smallest first, keeping them so. */
const addTerm = (terms: number[], value: number): void => {
  let [kept, carry] = [0, value];
  for (const term of terms) {
    const [large, small] = Math.abs(carry) < Math.abs(term) ? [term, carry] : [carry, term];
    const sum = large + small;
    const lost = small - (sum - large);
    if (lost !== 0) terms[kept++] = lost;
    carry = sum;
  }
  terms.length = kept;
  if (carry !== 0 || kept === 0) terms.push(carry);
};

/** The sum of terms that do not overlap, rounded to nearest, ties to even. */
export const roundTerms = (terms: readonly number[]): number => {
  let at = terms.length - 1;
  let sum = terms[at] ?? 0;
  let lost = 0;
  while (at > 0 && lost === 0) {
    const before = sum;
    const term = terms[--at]!;
    sum = before + term;
    lost = term - (sum - before);
  }
  // Half of a last place is lost exactly: what lies below decides, or the double was rounded to even already.
  const below = terms[at - 1] ?? 0;
  if ((lost < 0 && below < 0) || (lost > 0 && below > 0)) {
    const twice = lost * 2;
    if (sum + twice - sum === twice) return sum + twice;
  }
  return sum;
};

const splitter = 2 ** 27 + 1;

/** Adds a × b to the terms without loss (Dekker's product). */
export const addProduct = (terms: number[], a: number, b: number): void => {
  const [ca, cb] = [splitter * a, splitter * b];
  const [highA, highB] = [ca - (ca - a), cb - (cb - b)];
  const [lowA, lowB] = [a - highA, b - highB];
  const product = a * b;
  addTerm(terms, lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB));
  addTerm(terms, product);
};

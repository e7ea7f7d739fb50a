import type { CelFunction } from './cel-function.ts';

const ofOne =
  (compute: (x: number) => number): CelFunction =>
  (x) =>
    typeof x === 'number' ? compute(x) : undefined;

const ofTwo =
  (compute: (a: number, b: number) => number): CelFunction =>
  (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? compute(a, b) : undefined;

const isNumbers = (values: readonly unknown[]): values is readonly number[] =>
  values.every((value) => typeof value === 'number');

/** Of several numbers, or of one list of them; of an empty list, absent. */
const ofMany =
  (compute: (a: number, b: number) => number): CelFunction =>
  (...args) => {
    const values = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
    return values.length > 0 && isNumbers(values) ? values.reduce(compute) : undefined;
  };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/**
 * The standard functions, known in every expression. Numbers in, numbers out; anything else is absent.
 * What is not defined (the logarithm of a negative number) is NaN, which features take as missing.
 */
export const mathFunctions: Readonly<Record<string, CelFunction>> = {
  abs: ofOne(Math.abs),
  sign: ofOne(Math.sign),
  floor: ofOne(Math.floor),
  ceil: ofOne(Math.ceil),
  /** Halves away from zero, as CEL's math extension. */
  round: ofOne((x) => Math.sign(x) * Math.round(Math.abs(x))),
  sqrt: ofOne(Math.sqrt),
  exp: ofOne(Math.exp),
  ln: ofOne(Math.log),
  log1p: ofOne(Math.log1p),
  log2: ofOne(Math.log2),
  log10: ofOne(Math.log10),
  sin: ofOne(Math.sin),
  cos: ofOne(Math.cos),
  pow: ofTwo((a, b) => a ** b),
  /** a / b, and 0 where b is 0. */
  ratio: ofTwo((a, b) => (b === 0 ? 0 : a / b)),
  min: ofMany((a, b) => Math.min(a, b)),
  max: ofMany((a, b) => Math.max(a, b)),
  clamp: (x, low, high) =>
    typeof x === 'number' && typeof low === 'number' && typeof high === 'number'
      ? Math.min(Math.max(x, low), high)
      : undefined,
  /** Hour of the day in UTC, 0 to 23, of ms since the epoch. */
  hour: ofOne((at) => Math.floor(modulo(at, dayMs) / hourMs)),
  /** Day of the week in UTC, 0 is Sunday, of ms since the epoch. */
  weekday: ofOne((at) => modulo(Math.floor(at / dayMs) + 4, 7)),
};

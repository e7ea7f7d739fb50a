import { durationMs, timestampMs } from './time.ts';

type Conversion = (value: unknown) => unknown;

const truths: Readonly<Record<string, boolean>> = {
  ...{ 1: true, t: true, true: true, TRUE: true, True: true },
  ...{ 0: false, f: false, false: false, FALSE: false, False: false },
};

const infinities: Readonly<Record<string, number>> = { inf: 1, '+inf': 1, '-inf': -1 };

const toDouble: Conversion = (value) => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '' || value !== value.trim()) return undefined;
  const lower = value.toLowerCase();
  if (lower === 'nan') return Number.NaN;
  const sign = infinities[lower.replace('infinity', 'inf')];
  if (sign !== undefined) return sign * Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(lower)) return undefined;
  return Number(value);
};

/** Truncates a double; of a string, only one that writes a whole number. Beyond 2^53 an int would not be exact: absent. */
const toInt: Conversion = (value) => {
  if (typeof value === 'string' && !/^[+-]?\d+$/.test(value)) return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const whole = Math.trunc(Number(value));
  return Number.isSafeInteger(whole) ? whole + 0 : undefined;
};

const toUint: Conversion = (value) => {
  const whole = toInt(value);
  return typeof whole === 'number' && whole >= 0 ? whole : undefined;
};

const toBool: Conversion = (value) => {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && Object.hasOwn(truths, value) ? truths[value] : undefined;
};

const toText: Conversion = (value) => {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
};

/** A number is taken for ms, as all times of ours are. */
const ofTime =
  (parse: (text: string) => number | undefined): Conversion =>
  (value) => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? parse(value) : undefined;
  };

/** Code points of a string, elements of a list, keys of a map. */
export const sizeOf: Conversion = (value) => {
  if (typeof value === 'string') return codePoints(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
};

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

/** CEL's own functions of one argument; `isInt` says what CEL's types say of the result. */
export const conversions: Readonly<Record<string, { readonly convert: Conversion; readonly isInt: boolean }>> = {
  size: { convert: sizeOf, isInt: true },
  int: { convert: toInt, isInt: true },
  uint: { convert: toUint, isInt: true },
  double: { convert: toDouble, isInt: false },
  string: { convert: toText, isInt: false },
  bool: { convert: toBool, isInt: false },
  dyn: { convert: (value) => value, isInt: false },
  timestamp: { convert: ofTime(timestampMs), isInt: false },
  duration: { convert: ofTime(durationMs), isInt: false },
};

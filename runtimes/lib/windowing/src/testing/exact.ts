/** Sums in integers of 2^-1074: slow, and right by construction. */
const scale = 1074n;

const asInteger = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -size : size;
};

/** The nearest double, ties to even. */
const asDouble = (value: bigint): number => {
  const size = value < 0n ? -value : value;
  const spare = BigInt(Math.max(0, size.toString(2).length - 1000));
  // Number() rounds to nearest, ties to even; what is shifted out must stay visible to it.
  const sticky = spare > 0n && size % (1n << spare) !== 0n ? 1n : 0n;
  const rounded = Number((size >> spare) | sticky) * 2 ** -537 * 2 ** (Number(spare - scale) + 537);
  return value < 0n ? -rounded : rounded;
};

export const exactSumOf = (values: readonly number[]): number =>
  asDouble(values.reduce((sum, value) => sum + asInteger(value), 0n));

/** Population standard deviation with exact sums; only the last steps round. */
export const deviationOf = (values: readonly number[]): number => {
  const count = BigInt(values.length);
  const whole = values.map(asInteger);
  const sum = whole.reduce((a, b) => a + b, 0n);
  const squares = whole.reduce((a, b) => a + b * b, 0n);
  return Math.sqrt(asDoubleSquared(count * squares - sum * sum) / values.length ** 2);
};

const asDoubleSquared = (value: bigint): number => {
  const spare = BigInt(Math.max(0, value.toString(2).length - 1000));
  const sticky = spare > 0n && value % (1n << spare) !== 0n ? 1n : 0n;
  const exponent = Number(spare - 2n * scale);
  const third = Math.trunc(exponent / 3);
  return Number((value >> spare) | sticky) * 2 ** third * 2 ** third * 2 ** (exponent - 2 * third);
};

import type { Scalar } from '../aggregation.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';

/**
 * Estimates how many different values were seen, in 2^`bits` registers of a byte. It depends on the set of values only,
 * not on their order; two of them merge to that of the union (Flajolet et al. 2007; estimator of Ertl, New cardinality
 * estimation algorithms for HyperLogLog sketches, 2017, which needs neither tables nor cases for small and large sets).
 */
export type Registers = Uint8Array<ArrayBuffer>;

/** The fewest bits whose standard error, 1.04 / √(2^bits), is within `error`; from 4 to 20. */
export const bitsFor = (error: number): number => Math.min(20, Math.max(4, Math.ceil(Math.log2((1.04 / error) ** 2))));

export const createRegisters = (bits: number): Registers => new Uint8Array(2 ** bits);

/** 53 bits of hash: two lanes of 32 bits over the text, mixed as MurmurHash3 does at its end. Texts, numbers and booleans differ. */
const hashOf = (value: Scalar): readonly [high: number, low: number] => {
  const text = String(value);
  let a = 0xdeadbeef ^ (typeof value).length;
  let b = 0x41c6ce57 ^ (typeof value).charCodeAt(0);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  return [mixed(a ^ (b >>> 15)), mixed(b ^ Math.imul(a, 2246822507))];
};

const mixed = (value: number): number => {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

/** Bits for ranks besides those of a register: a rank of 33 and more needs billions of values. */
const rankBits = 32;

export const addTo = (registers: Registers, value: Scalar): void => {
  const [high, low] = hashOf(value);
  const register = high & (registers.length - 1);
  const rank = low === 0 ? rankBits + 1 : Math.clz32(low) + 1;
  if (rank > registers[register]!) registers[register] = rank;
};

/** Makes `into` the union of both. */
export const mergeInto = (into: Registers, other: Registers): void => {
  for (let i = 0; i < other.length; i++) if (other[i]! > into[i]!) into[i] = other[i]!;
};

export const estimateOf = (registers: Registers): number => {
  const counts = new Array<number>(rankBits + 2).fill(0);
  for (const rank of registers) counts[rank]!++;
  const size = registers.length;
  let z = size * tau(1 - counts[rankBits + 1]! / size);
  for (let rank = rankBits; rank >= 1; rank--) z = 0.5 * (z + counts[rank]!);
  z += size * sigma(counts[0]! / size);
  return Math.round(size ** 2 / (2 * Math.LN2) / z);
};

const sigma = (share: number): number => {
  if (share === 1) return Infinity;
  let [x, y, z, before] = [share, 1, share, -1];
  while (z !== before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
};

const tau = (share: number): number => {
  if (share === 0 || share === 1) return 0;
  let [x, y, z, before] = [share, 1, 1 - share, -1];
  while (z !== before) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
};

/** Runs of registers without content are written as their length. */
export const writeRegisters = (registers: Registers, to: ByteWriter): void => {
  let empty = 0;
  for (const rank of registers) {
    if (rank === 0) {
      empty++;
      continue;
    }
    to.number(empty);
    to.number(rank);
    empty = 0;
  }
  to.number(empty);
  to.number(0);
};

export const readRegisters = (bits: number, from: ByteReader): Registers => {
  const registers = createRegisters(bits);
  for (let at = 0; ; at++) {
    at += from.number();
    const rank = from.number();
    if (rank === 0) return registers;
    registers[at] = rank;
  }
};

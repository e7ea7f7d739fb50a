import type { ScoredMember } from '../key-value.ts';

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/**
 * Order of the UTF-8 bytes, as Redis has it. UTF-16 units agree with it but for one thing: characters beyond U+FFFF, which
 * are written as surrogates (U+D800…), come after U+E000–U+FFFF.
 */
export const compareBytewise = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (isSurrogate(x) !== isSurrogate(y) && x >= 0xd800 && y >= 0xd800) return isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
};

/** First and one-past-last index of Redis' `start` and `stop`, which count from the end when negative. */
export const sliceOf = (start: number, stop: number, length: number): readonly [number, number] => {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length, (stop < 0 ? length + stop : stop) + 1);
  return [from, Math.max(from, to)];
};

export interface SortedSet {
  readonly size: number;
  add(member: string, score: number): void;
  remove(member: string): void;
  removeByScore(min: number, max: number): void;
  removeByRank(start: number, stop: number): void;
  range(start: number, stop: number, reverse: boolean): ScoredMember[];
}

/**
 * Members by score, then bytewise. A sorted array with binary search: a change moves at most one pointer for each member
 * behind it, which for thousands of members is cheaper than a tree.
 */
export const createSortedSet = (): SortedSet => {
  const scores = new Map<string, number>();
  const order: ScoredMember[] = [];

  /** Index of (score, member), or where it would be. */
  const rankOf = (score: number, member: string): number => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = order[middle] as ScoredMember;
      const isBefore = at.score === score ? compareBytewise(at.member, member) < 0 : at.score < score;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const removeSlice = (from: number, to: number): void => {
    for (const { member } of order.splice(from, to - from)) scores.delete(member);
  };
  /** Index of the first member whose score is not below `score`, or is above it. */
  const edgeOf = (score: number, isAbove: boolean): number => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = (order[middle] as ScoredMember).score;
      if (isAbove ? at <= score : at < score) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get size() {
      return order.length;
    },
    add: (member, score) => {
      const before = scores.get(member);
      if (before === score) return;
      if (before !== undefined) order.splice(rankOf(before, member), 1);
      scores.set(member, score);
      order.splice(rankOf(score, member), 0, { member, score });
    },
    remove: (member) => {
      const score = scores.get(member);
      if (score === undefined) return;
      scores.delete(member);
      order.splice(rankOf(score, member), 1);
    },
    removeByScore: (min, max) => {
      const from = edgeOf(min, false);
      removeSlice(from, Math.max(from, edgeOf(max, true)));
    },
    removeByRank: (start, stop) => removeSlice(...sliceOf(start, stop, order.length)),
    range: (start, stop, reverse) => {
      const [from, to] = sliceOf(start, stop, order.length);
      if (!reverse) return order.slice(from, to);
      return order.slice(order.length - to, order.length - from).reverse();
    },
  };
};

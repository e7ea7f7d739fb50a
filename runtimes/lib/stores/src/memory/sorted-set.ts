import type { ScoredMember } from '../key-value.ts';

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/**
 * Order of the UTF-8 bytes, as Redis has it. UTF-16 units agree with it but for one thing: characters beyond U+FFFF, which
 * are written as surrogates (U+D800…), come after U+E000–U+FFFF.
 */
const compareBytewise = (a: string, b: string): number => {
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
  has(member: string): boolean;
  add(member: string, score: number): void;
  increment(member: string, by: number): void;
  remove(member: string): void;
  removeByScore(min: number, max: number): void;
  removeByRank(start: number, stop: number): void;
  range(start: number, stop: number, reverse: boolean): ScoredMember[];
  /** Those with a greater score, ascending, at most so many. */
  above(score: number, count: number): ScoredMember[];
}

/** A block is split when it is twice as long, and joined to the next one when both fit into one. */
const blockMembers = 128;

/** How many items at the front satisfy `isBelow`, which holds for none after the first for which it does not. */
const countBelow = <T>(items: readonly T[], isBelow: (item: T) => boolean): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Members in ascending order, in blocks, so that a change moves a hundred pointers at most. No block is empty. */
class OrderedMembers {
  readonly #blocks: ScoredMember[][] = [];
  size = 0;

  /** Block and index of the first member that is not below. */
  #find(isBelow: (at: ScoredMember) => boolean): readonly [number, number] {
    const block = countBelow(this.#blocks, (members) => isBelow(members.at(-1) as ScoredMember));
    return [block, countBelow(this.#blocks[block] ?? [], isBelow)];
  }

  rank(isBelow: (at: ScoredMember) => boolean): number {
    const [block, index] = this.#find(isBelow);
    let before = index;
    for (let i = 0; i < block; i++) before += this.#blocks[i]?.length ?? 0;
    return before;
  }

  insert(added: ScoredMember): void {
    const [at, index] = this.#find((other) => compareMembers(other, added) < 0);
    this.size++;
    const isLast = at === this.#blocks.length;
    const block = this.#blocks[isLast ? at - 1 : at];
    if (block === undefined) {
      this.#blocks.push([added]);
      return;
    }
    block.splice(isLast ? block.length : index, 0, added);
    if (block.length > 2 * blockMembers) this.#blocks.splice(isLast ? at : at + 1, 0, block.splice(blockMembers));
  }

  remove(removed: ScoredMember): void {
    const [at, index] = this.#find((other) => compareMembers(other, removed) < 0);
    this.#blocks[at]?.splice(index, 1);
    this.size--;
    this.#tidy(at);
  }

  /** Drops a block that became empty; joins one that became short to the next. */
  #tidy(at: number): void {
    const block = this.#blocks[at];
    const next = this.#blocks[at + 1];
    if (block?.length === 0) this.#blocks.splice(at, 1);
    else if (block !== undefined && next !== undefined && block.length + next.length <= blockMembers) {
      this.#blocks.splice(at, 2, [...block, ...next]);
    }
  }

  slice(from: number, to: number): ScoredMember[] {
    const found: ScoredMember[] = [];
    let skipped = 0;
    for (const block of this.#blocks) {
      if (skipped >= to) break;
      if (skipped + block.length > from) {
        for (const member of block.slice(Math.max(0, from - skipped), to - skipped)) found.push(member);
      }
      skipped += block.length;
    }
    return found;
  }
}

const compareMembers = (a: ScoredMember, b: ScoredMember): number =>
  a.score === b.score ? compareBytewise(a.member, b.member) : a.score - b.score;

/** Members by score, then bytewise, as in Redis. */
export const createSortedSet = (): SortedSet => {
  const known = new Map<string, ScoredMember>();
  const order = new OrderedMembers();
  const remove = (member: string): void => {
    const at = known.get(member);
    if (at === undefined) return;
    known.delete(member);
    order.remove(at);
  };
  const add = (member: string, score: number): void => {
    if (known.get(member)?.score === score) return;
    remove(member);
    const added = { member, score };
    known.set(member, added);
    order.insert(added);
  };
  const removeSlice = (from: number, to: number): void => {
    for (const { member } of order.slice(from, to)) remove(member);
  };
  return {
    get size() {
      return order.size;
    },
    has: (member) => known.has(member),
    add,
    increment: (member, by) => add(member, (known.get(member)?.score ?? 0) + by),
    remove,
    removeByScore: (min, max) =>
      removeSlice(
        order.rank((at) => at.score < min),
        order.rank((at) => at.score <= max),
      ),
    removeByRank: (start, stop) => removeSlice(...sliceOf(start, stop, order.size)),
    above: (score, count) => {
      const from = order.rank((at) => at.score <= score);
      return order.slice(from, from + count);
    },
    range: (start, stop, reverse) => {
      const [from, to] = sliceOf(start, stop, order.size);
      return reverse ? order.slice(order.size - to, order.size - from).reverse() : order.slice(from, to);
    },
  };
};

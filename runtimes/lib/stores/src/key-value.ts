import type { LateText } from '@groundswell/wire';

/**
 * The port to a key-value store of hashes, sorted sets, lists and counters, as Redis has them. Commands are queued on a
 * batch and travel together. Adapters: in memory (also with a journal on disk) and Redis (also Cluster); one contract
 * suite holds for all.
 */
export interface KeyValue {
  /**
   * With a fence, keys that somebody has written to with a higher epoch of its scope are left alone, and `run` rejects with
   * a FencedError. Such a batch only writes.
   */
  batch(fence?: Fence): KeyValueBatch;
  close(): Promise<void>;
}

/**
 * Keeps out writers that were replaced and do not know it yet: of two writers for a key the one with the higher epoch
 * wins, whichever comes last. A key remembers for `fenceKeepMs` who wrote to it, even when it is deleted.
 */
export interface Fence {
  /** Writers of one scope shut each other out. Without braces. */
  readonly scope: string;
  /** Whole, from 0 on. */
  readonly epoch: number;
}

/** So long after its last write a key is guarded, ms. */
export const fenceKeepMs = 3_600_000;

/** Another writer has taken over: this one has to find out what it still owns. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  readonly fence: Fence;
  constructor(fence: Fence, key: string) {
    super(
      `Cannot write to "${key}": a writer with a higher epoch than ${fence.epoch} has done so, this one was replaced`,
    );
    this.fence = fence;
  }
}

/** Members of sorted sets by score, then bytewise by member, as in Redis. `-1` as `stop` means the last. */
export interface KeyValueBatch {
  hashSet(key: string, fields: Readonly<Record<string, string>>): void;
  /** The same for writers of many hashes with the same fields: see HashRow. */
  hashRow(key: string, row: HashRow): void;
  hashDelete(key: string, fields: readonly string[]): void;
  /** Answers undefined for each missing field. */
  hashGet(key: string, fields: readonly string[]): Reply<readonly (string | undefined)[]>;
  /** The same for readers of numbers: a store that still has a value of a row as it was given answers that, without its text. */
  hashValues(key: string, fields: readonly string[]): Reply<readonly (RowValue | undefined)[]>;
  /** Answers an empty object for a missing key. */
  hashGetAll(key: string): Reply<Readonly<Record<string, string>>>;
  sortedAdd(key: string, members: readonly ScoredMember[]): void;
  /** Adds to the score of a member, which counts from 0 where it is not there. Not idempotent, as counterAdd. */
  sortedIncrement(key: string, member: string, by: number): void;
  sortedRemove(key: string, members: readonly string[]): void;
  /** Removes all with `min <= score <= max`. */
  sortedRemoveByScore(key: string, min: number, max: number): void;
  /** Removes by rank, lowest score first; negative ranks count from the highest (-1). */
  sortedRemoveByRank(key: string, start: number, stop: number): void;
  /** Lowest score first, or highest first with `reverse`. */
  sortedRange(
    key: string,
    start: number,
    stop: number,
    options?: { readonly reverse?: boolean },
  ): Reply<readonly ScoredMember[]>;
  sortedCount(key: string): Reply<number>;
  /** Adds those that are not there yet, all as long as `marked` is a member, and none otherwise. */
  sortedFill(key: string, marked: string, members: readonly ScoredMember[]): void;
  /** See SortedFan. Answers undefined where it was refused. Not in a batch with a fence. */
  sortedFan(fan: SortedFan): Reply<FanPage | undefined>;
  /** Pushes at the head and keeps the first `keep`. */
  listPush(key: string, values: readonly string[], keep: number): void;
  /** Removes every element that is equal to one of these. */
  listRemove(key: string, values: readonly string[]): void;
  listRange(key: string, start: number, stop: number): Reply<readonly string[]>;
  /** See ListFan. Answers undefined where it was refused. Not in a batch with a fence. */
  listFan(fan: ListFan): Reply<FanPage | undefined>;
  /** Only whole numbers can be added to. */
  counterAdd(key: string, by: number): Reply<number>;
  /** The number itself, which need not be whole. Keeps the time to live. */
  counterSet(key: string, value: number): void;
  /** Answers undefined for a missing key. */
  counterGet(key: string): Reply<number | undefined>;
  delete(key: string): void;
  /** From now, wall time in ms. */
  expire(key: string, afterMs: number): void;
  /**
   * Sends everything in one go (per node) and settles the replies. Commands of one batch on one key keep their order.
   * @throws Error naming the first command that failed; FencedError where none failed but some were kept out
   */
  run(): Promise<void>;
}

/** Read back as its text; null: the field shall not be there. */
export type RowValue = string | number | boolean | LateText | null;

/** Fields of a hash that are written together, again and again. None of these arrays may change after they were given. */
export interface HashRow {
  /** The very same array with every write: a store may know rows by it. */
  readonly names: readonly string[];
  /** In the order of the names. */
  readonly values: readonly RowValue[];
  /** What this writer wrote there last: what is equal is left alone. Absent: everything is written. */
  readonly before?: readonly RowValue[] | undefined;
  /** The very same object with every write of this writer to this key, and to no other. */
  readonly memo?: RowMemo;
}

/** What a writer keeps for the one store that it writes to. */
export interface RowMemo {
  /** What the store found by the key; nobody else looks at it. */
  found: unknown;
}

/**
 * One page of a sorted set, ascending by score: a value is pushed at the head of the list of each member that has one (none is
 * made), and the cursor moves behind the page. All of it at once, or nothing: where the guard or the cursor is another, somebody else has
 * written. So a page that was sent twice is done once. All keys have to be in one slot: equal text in their first braces.
 */
export interface ListFan {
  /** Hash with the guard and the cursor. */
  readonly key: string;
  /** Field that has to have this text. */
  readonly guard: { readonly field: string; readonly value: string };
  readonly cursor: {
    readonly field: string;
    /** The text that it has to have: where the last page ended; undefined at the start. */
    readonly from: string | undefined;
    /** Becomes this behind the last page. */
    readonly done: string;
  };
  /** The sorted set. Of members with equal scores those behind a page's end are left out: scores have to be unique. */
  readonly members: string;
  /** Members of a page. */
  readonly count: number;
  /** The list of a member has this before its name. */
  readonly listPrefix: string;
  readonly value: string;
  /** A list that is longer by a fifth is cut to its first so many. */
  readonly keep: number;
}

/**
 * One page of a sorted set, ascending by score: in the sorted set of each member that has one (none is made), a member gets a
 * score, or goes. To do it twice is to do it once. All keys have to be in one slot: equal text in their first braces.
 */
export interface SortedFan {
  /** Hash with the guard. */
  readonly key: string;
  /** Field that has to have this text. */
  readonly guard: { readonly field: string; readonly value: string };
  /** The sorted set. As of a ListFan, scores have to be unique. */
  readonly members: string;
  /** Where the page before ended; undefined at the start. */
  readonly from: string | undefined;
  /** Members of a page. */
  readonly count: number;
  /** The set of a member has this before its name. */
  readonly setPrefix: string;
  readonly member: string;
  /** Undefined: the member goes. */
  readonly score: number | undefined;
}

export interface FanPage {
  /** Where it ended; of a SortedFan empty behind the last page. */
  readonly cursor: string;
  readonly members: number;
  /** Members that had something to write to. */
  readonly pushed: number;
}

/** Length from which on a list is cut to `keep`: cutting with each push would cost as much as the push. */
export const fanLimitOf = (keep: number): number => Math.ceil(keep * 1.2);

export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** What a queued command will answer. */
export interface Reply<T> {
  /** @throws Error before `run` has resolved */
  value(): T;
}

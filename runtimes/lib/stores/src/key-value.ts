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
  /** Answers an empty object for a missing key. */
  hashGetAll(key: string): Reply<Readonly<Record<string, string>>>;
  sortedAdd(key: string, members: readonly ScoredMember[]): void;
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
  /** Pushes at the head and keeps the first `keep`. */
  listPush(key: string, values: readonly string[], keep: number): void;
  listRange(key: string, start: number, stop: number): Reply<readonly string[]>;
  counterAdd(key: string, by: number): Reply<number>;
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
export type RowValue = string | number | boolean | null;

/** Fields of a hash that are written together, again and again. None of these arrays may change after they were given. */
export interface HashRow {
  /** The very same array with every write: a store may know rows by it. */
  readonly names: readonly string[];
  /** In the order of the names. */
  readonly values: readonly RowValue[];
  /** What this writer wrote there last: what is equal is left alone. Absent: everything is written. */
  readonly before?: readonly RowValue[] | undefined;
}

export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** What a queued command will answer. */
export interface Reply<T> {
  /** @throws Error before `run` has resolved */
  value(): T;
}

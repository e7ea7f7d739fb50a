/** A post in the top, by its newest score. */
export interface Ranked {
  readonly postId: string;
  readonly score: number;
}

/**
 * The posts with the highest newest scores, as the sorted set of the store has them. A post that was pushed out comes back
 * with its next score, not before.
 */
export interface Top {
  /** Gives a post its newest score. */
  put(postId: string, score: number): void;
  remove(postId: string): void;
  /** 0 is the highest; -1 for a post that is not in it. */
  rankOf(postId: string): number;
  /** Highest first. */
  list(): readonly Ranked[];
  /** What changed since the last call, for the store to follow. */
  drain(): TopChange;
  resize(size: number): void;
}

interface TopChange {
  readonly put: readonly Ranked[];
  readonly removed: readonly string[];
}

/** As the store ranks: by score, then by member. */
const isAbove = (a: Ranked, b: Ranked): boolean => a.score > b.score || (a.score === b.score && a.postId > b.postId);

export const createTop = (initialSize: number, from: readonly Ranked[] = []): Top => {
  let size = initialSize;
  const ranked: Ranked[] = [...from];
  const byId = new Map(from.map((entry) => [entry.postId, entry]));
  const touched = new Set<string>();

  /** How many are above. */
  const placeOf = (entry: Ranked): number => {
    let [low, high] = [0, ranked.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = ranked[middle];
      if (other !== undefined && isAbove(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const remove = (postId: string): void => {
    const entry = byId.get(postId);
    if (entry === undefined) return;
    ranked.splice(placeOf(entry), 1);
    byId.delete(postId);
    touched.add(postId);
  };
  const trim = (): void => {
    for (let last = ranked.at(-1); last !== undefined && ranked.length > size; last = ranked.at(-1))
      remove(last.postId);
  };
  trim();
  return {
    put: (postId, score) => {
      remove(postId);
      const entry = { postId, score };
      const place = placeOf(entry);
      if (place >= size) return;
      ranked.splice(place, 0, entry);
      byId.set(postId, entry);
      touched.add(postId);
      trim();
    },
    remove,
    rankOf: (postId) => {
      const entry = byId.get(postId);
      return entry === undefined ? -1 : placeOf(entry);
    },
    list: () => ranked,
    drain: () => {
      const put: Ranked[] = [];
      const removed: string[] = [];
      for (const postId of touched) {
        const entry = byId.get(postId);
        if (entry === undefined) removed.push(postId);
        else put.push(entry);
      }
      touched.clear();
      return { put, removed };
    },
    resize: (next) => {
      size = next;
      trim();
    },
  };
};

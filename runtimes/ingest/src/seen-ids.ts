import { createFingerprintTable, fingerprintOf } from './fingerprints.ts';

/** Which ids came lately. */
export interface SeenIds {
  /** False for a repeat. `at` is the event's time, ms. */
  add(id: string, at: number): boolean;
  size(): number;
  /** Ids that were forgotten before their time because there were too many. */
  forgotten(): number;
  snapshot(): SeenIdsSnapshot;
}

export interface SeenIdsOptions {
  /** Event time for which an id is remembered at least, counted from the newest event when it came. 0: nothing is remembered. */
  readonly spanMs: number;
  /** The newest 7/8 of so many are remembered in any case; they take 16 to 64 bytes each. */
  readonly maxIds: number;
}

/** JSON. `ids` is base64 of 8 bytes for each id. */
export interface SeenIdsSnapshot {
  readonly newestAt: number | null;
  readonly generations: readonly { readonly startAt: number; readonly newestAt: number; readonly ids: string }[];
}

interface Generation {
  readonly startAt: number;
  newestAt: number;
  count: number;
}

const parts = 8;

/**
 * Ids lie as fingerprints in one open-addressing table, each with the generation in which it came. A generation is an eighth
 * of the span or of the ids; whole generations are forgotten, and their places reused when the table is next rebuilt.
 */
export const createSeenIds = (options: SeenIdsOptions, from?: SeenIdsSnapshot): SeenIds => {
  const { spanMs, maxIds } = options;
  const table = createFingerprintTable();
  const generations = new Map<number, Generation>();
  let oldest = 0;
  let current = -1;
  let newestAt = Number.NEGATIVE_INFINITY;
  let live = 0;
  let forgotten = 0;

  const open = (startAt: number): Generation => {
    current++;
    const generation = { startAt, newestAt: startAt, count: 0 };
    generations.set(current, generation);
    return generation;
  };
  const forgetOldest = (): void => {
    live -= generations.get(oldest)?.count ?? 0;
    generations.delete(oldest);
    oldest++;
  };
  const expire = (): void => {
    for (let first = generations.get(oldest); first !== undefined; first = generations.get(oldest)) {
      const outOfSpan = first.newestAt + spanMs < newestAt;
      if (!outOfSpan && live < maxIds) return;
      if (!outOfSpan) forgotten += first.count;
      forgetOldest();
    }
  };
  const generationFor = (at: number): Generation => {
    newestAt = Math.max(newestAt, at);
    expire();
    const last = generations.get(current);
    if (last === undefined || newestAt - last.startAt >= spanMs / parts || last.count >= maxIds / parts) {
      return open(newestAt);
    }
    return last;
  };
  const remember = (low: number, high: number, generation: Generation): boolean => {
    if (!table.add(low, high, { generation: current, oldest, live })) return false;
    generation.count++;
    live++;
    return true;
  };
  const restore = ({ newestAt: restored, generations: saved }: SeenIdsSnapshot): void => {
    newestAt = restored ?? Number.NEGATIVE_INFINITY;
    for (const { startAt, newestAt: until, ids } of saved) {
      const generation = open(startAt);
      generation.newestAt = until;
      const bytes = Buffer.from(ids, 'base64');
      for (let i = 0; i < bytes.length; i += 8) remember(bytes.readUInt32LE(i), bytes.readUInt32LE(i + 4), generation);
    }
  };
  if (from !== undefined) restore(from);

  return {
    add: (id, at) => {
      if (spanMs === 0 || maxIds === 0) return true;
      const generation = generationFor(at);
      const [low, high] = fingerprintOf(id);
      if (!remember(low, high, generation)) return false;
      generation.newestAt = Math.max(generation.newestAt, newestAt);
      return true;
    },
    size: () => live,
    forgotten: () => forgotten,
    snapshot: () => {
      const ids = table.byGeneration(oldest);
      return {
        newestAt: Number.isFinite(newestAt) ? newestAt : null,
        generations: [...generations].map(([number, { startAt, newestAt: until }]) => ({
          startAt,
          newestAt: until,
          ids: Buffer.from(Uint32Array.from(ids.get(number) ?? []).buffer).toString('base64'),
        })),
      };
    },
  };
};

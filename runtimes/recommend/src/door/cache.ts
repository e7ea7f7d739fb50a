import type { RecommendProgram } from '@groundswell/graph';

interface Kept<T> {
  readonly of: RecommendProgram;
  readonly at: number;
  /** When the user had acted last, as it was known then; wall time, ms. */
  readonly actedAt: number | undefined;
  readonly value: Promise<T>;
}

interface Cached<T> {
  readonly value: T;
  /** It was made for an earlier request, or for one that came meanwhile. */
  readonly cached: boolean;
}

/** Answers that are used again. Whoever asks while one is made waits for the same one. */
export interface AnswerCache<T> {
  /** @param actedAt  when the user acted last: an action makes void what was made before it */
  get(key: string, actedAt: number | undefined, make: () => Promise<T>): Promise<Cached<T>>;
  size(): number;
}

/** Windows and patterns need a moment to take an action in: what is made within it is not used again, ms. */
const settleMs = 2_000;

interface CacheOptions<T> {
  readonly program: () => RecommendProgram;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Whether it is good enough to be used again. */
  readonly isSound: (value: T) => boolean;
}

export const createAnswerCache = <T>({ program, now, isSound }: CacheOptions<T>): AnswerCache<T> => {
  const kept = new Map<string, Kept<T>>();

  const usable = (known: Kept<T> | undefined, actedAt: number | undefined): known is Kept<T> =>
    known !== undefined &&
    known.of === program() &&
    known.actedAt === actedAt &&
    now() - known.at < program().cache.ttlMs;
  return {
    get: async (key, actedAt, make) => {
      const isSettling = actedAt !== undefined && now() - actedAt < settleMs;
      const known = kept.get(key);
      if (!isSettling && usable(known, actedAt)) return { value: await known.value, cached: true };
      kept.delete(key);
      const { ttlMs, maxUsers } = program().cache;
      const value = make();
      if (isSettling || ttlMs === 0 || maxUsers === 0) return { value: await value, cached: false };
      const [oldest] = kept.keys();
      if (kept.size >= maxUsers && oldest !== undefined) kept.delete(oldest);
      const entry: Kept<T> = { of: program(), at: now(), actedAt, value };
      kept.set(key, entry);
      const drop = (): void => {
        if (kept.get(key) === entry) kept.delete(key);
      };
      value.then((made) => {
        if (!isSound(made)) drop();
      }, drop);
      return { value: await value, cached: false };
    },
    size: () => kept.size,
  };
};

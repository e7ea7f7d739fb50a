/** What was read a moment ago is not read again. */
export interface Kept<T> {
  /** Of each id that is known; those that aren't kept any more are read, in one call. */
  read(ids: Iterable<string>): Promise<ReadonlyMap<string, T>>;
  forget(id: string): void;
}

interface KeptOptions<T> {
  /** What is not known is left out. */
  readonly fetch: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;
  readonly keptMs: number;
  /** What was kept for longest goes when there is more. */
  readonly most: number;
  /** Wall time, ms. */
  readonly now: () => number;
}

export const createKept = <T>({ fetch, keptMs, most, now }: KeptOptions<T>): Kept<T> => {
  const kept = new Map<string, { readonly value: T; readonly until: number }>();

  const keep = (id: string, value: T): void => {
    kept.delete(id);
    const [oldest] = kept.keys();
    if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
    kept.set(id, { value, until: now() + keptMs });
  };
  return {
    read: async (ids) => {
      const at = now();
      const known = new Map<string, T>();
      const missing = new Set<string>();
      for (const id of ids) {
        const found = kept.get(id);
        if (found !== undefined && found.until > at) known.set(id, found.value);
        else missing.add(id);
      }
      if (missing.size > 0)
        for (const [id, value] of await fetch([...missing])) {
          keep(id, value);
          known.set(id, value);
        }
      return known;
    },
    forget: (id) => {
      kept.delete(id);
    },
  };
};

/**
 * The port to rows of values that are computed elsewhere, once a day or so. Adapters: hashes in the key-value store, HBase
 * through its REST server; one contract suite holds for all.
 */
export interface OfflineStore {
  /**
   * The values of these fields, for each key in its order; undefined for what is not there, be it the row or the field.
   *
   * @throws Error where the store cannot be read, or not within `timeoutMs`
   */
  read(
    keys: readonly string[],
    fields: readonly string[],
    timeoutMs: number,
  ): Promise<readonly (readonly (string | undefined)[])[]>;
}

/** Rejects where something takes longer. What it does meanwhile is left to itself. */
export const within = async <T>(work: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Cannot read offline values: the store took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

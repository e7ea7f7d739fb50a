/** What stands under a key of a table. */
export type Row = Readonly<Record<string, unknown>>;

/** How far a table has been read: the next offset of each of its partitions. */
export type TableVersion = readonly number[];

/** Where a row comes from. */
interface RowSource {
  readonly partition: number;
  readonly offset: number;
  /** Event time, ms. */
  readonly at: number;
}

/**
 * The rows of a table by key, also as they were: who asks says up to which version of the table, so that it gets the same
 * answer again however far the table has been read since. Does no IO and reads no clock.
 */
export interface VersionedTable {
  /** In the order of their offsets. Without a row it is deleted. */
  put(key: string, row: Row | undefined, source: RowSource): void;
  /** @param at event time, ms, of the newest row that is asked for */
  find(key: string, version: TableVersion, at: number): Row | undefined;
  /** Nobody asks for an older version, or for an older time, from now on. */
  forget(version: TableVersion, at: number): void;
  size(): TableSize;
}

export interface TableSize {
  /** Keys that have one. */
  readonly rows: number;
  /** Rows as they were before, which are still known. */
  readonly earlier: number;
  /** An estimate. */
  readonly bytes: number;
}

interface Known extends RowSource {
  readonly row: Row | undefined;
  readonly bytes: number;
  older: Known | undefined;
}

const foundIn = (newest: Known | undefined, version: TableVersion, at: number): Known | undefined => {
  let known = newest;
  while (known !== undefined && (known.offset >= (version[known.partition] ?? 0) || known.at > at)) known = known.older;
  return known;
};

export const createVersionedTable = (): VersionedTable => {
  const newest = new Map<string, Known>();
  /** Keys of which more is known than the newest row, or whose newest row is none. */
  const aged = new Set<string>();
  let [rows, earlier, bytes] = [0, 0, 0];
  let oldest: { readonly version: TableVersion; readonly at: number } | undefined;

  /** Drops what nobody can ask for. */
  const trim = (key: string): void => {
    const first = newest.get(key);
    if (first === undefined || oldest === undefined) return;
    const last = foundIn(first, oldest.version, oldest.at);
    if (last === undefined) return;
    for (let gone = last.older; gone !== undefined; gone = gone.older) {
      bytes -= gone.bytes;
      earlier--;
    }
    last.older = undefined;
    if (last !== first) return;
    aged.delete(key);
    if (first.row !== undefined) return;
    newest.delete(key);
    bytes -= first.bytes;
  };
  return {
    put: (key, row, source) => {
      const older = newest.get(key);
      const known = { ...source, row, bytes: weightOf(row) + 2 * key.length + 120, older };
      newest.set(key, known);
      bytes += known.bytes;
      rows += Number(row !== undefined) - Number(older?.row !== undefined);
      if (older !== undefined) earlier++;
      if (older === undefined && row !== undefined) return;
      aged.add(key);
      trim(key);
    },
    find: (key, version, at) => foundIn(newest.get(key), version, at)?.row,
    forget: (version, at) => {
      oldest = { version, at };
      for (const key of aged) trim(key);
    },
    size: () => ({ rows, earlier, bytes }),
  };
};

/** Memory of a value, bytes, estimated. */
const weightOf = (value: unknown): number => {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let sum = 48;
  for (const member of Object.values(value)) sum += 8 + weightOf(member);
  return sum;
};

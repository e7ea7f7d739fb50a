/** What became of a record that came in. */
export const outcomes = ['aggregated', 'late', 'filtered', 'duplicate', 'deadLettered'] as const;
export type Outcome = (typeof outcomes)[number];

/** `in` is counted where a record comes in, the others where it is decided: a balanced ledger says that none was lost. */
export type LedgerEntry = Readonly<Record<Outcome | 'in', number>>;

/** What became of all records, by partition. */
export interface Ledger {
  open(partition: number): void;
  count(partition: number, outcome: Outcome): void;
  entries(): ReadonlyMap<number, LedgerEntry>;
}

type Entry = Record<Outcome | 'in', number>;

const empty = (): Entry => ({ in: 0, aggregated: 0, late: 0, filtered: 0, duplicate: 0, deadLettered: 0 });

export const createLedger = (from: ReadonlyMap<number, LedgerEntry> = new Map()): Ledger => {
  const byPartition: Entry[] = [];
  for (const [partition, entry] of from) byPartition[partition] = { ...entry };
  const entry = (partition: number): Entry => {
    const known = byPartition[partition];
    if (known !== undefined) return known;
    const opened = empty();
    byPartition[partition] = opened;
    return opened;
  };
  return {
    open: (partition) => {
      entry(partition).in++;
    },
    count: (partition, outcome) => {
      entry(partition)[outcome]++;
    },
    entries: () => new Map(byPartition.flatMap((known, partition) => [[partition, { ...known }] as const])),
  };
};

/** All partitions together. */
export const totalOf = (entries: ReadonlyMap<number, LedgerEntry>): LedgerEntry => {
  const total = empty();
  for (const entry of entries.values()) {
    total.in += entry.in;
    for (const outcome of outcomes) total[outcome] += entry[outcome];
  }
  return total;
};

export const isBalanced = (entry: LedgerEntry): boolean =>
  entry.in === outcomes.reduce((sum, outcome) => sum + entry[outcome], 0);

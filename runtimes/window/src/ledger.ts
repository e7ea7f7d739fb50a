import { type LedgerEntry, totalOf } from '@groundswell/windowing';
import type { Shard } from './shard.ts';

/** What was read of a partition of the input and sent on by key. */
export type LaneLedgers = ReadonlyMap<number, LedgerEntry & { readonly copies: number }>;

/** Partition of the input → what became of its records, as far as the shards of this worker know. */
export const ledgersOf = (
  shards: readonly Pick<Shard, 'windower'>[],
  lanes: LaneLedgers | undefined,
): ReadonlyMap<number, LedgerEntry> => {
  const sum = new Map<number, LedgerEntry>();
  const add = (partition: number, entry: LedgerEntry): void => {
    const before = sum.get(partition);
    sum.set(
      partition,
      before === undefined
        ? entry
        : totalOf(
            new Map([
              [0, before],
              [1, entry],
            ]),
          ),
    );
  };
  // What was sent on was counted in where it was read; a repeat is one record more.
  for (const { windower } of shards)
    for (const [partition, entry] of windower.ledger())
      add(partition, lanes === undefined ? entry : { ...entry, in: entry.duplicate });
  for (const [partition, { copies, ...entry }] of lanes ?? [])
    add(partition, { ...entry, in: entry.in + copies, aggregated: 0 });
  return sum;
};

/**
 * All partitions together. Where events are sent on by key, those on their way are `in` and nothing else yet; and
 * those that another worker has sent here are not `in` here.
 */
export const ledgerOf = (shards: readonly Pick<Shard, 'windower'>[], lanes: LaneLedgers | undefined): LedgerEntry =>
  totalOf(ledgersOf(shards, lanes));

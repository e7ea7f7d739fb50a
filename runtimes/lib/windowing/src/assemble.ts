import { createKeyReader } from './key-reader.ts';
import { createLedger } from './ledger.ts';
import type { Mechanism, Scope } from './mechanism.ts';
import { type Parts, readSnapshot, writeSnapshot } from './snapshot.ts';
import { createWatermarks } from './watermarks.ts';
import type { Windower, WindowerOptions } from './windower.ts';

/** A windower: what all kinds of windows share, around the mechanism of one. @throws CorruptSnapshotError */
export const assemble = <E>(options: WindowerOptions<E>, mechanism: Mechanism<E>, snapshot?: Parts): Windower<E> => {
  const { timeOf, where } = options;
  const keys = createKeyReader(options.keys, options.owns);
  const saved = snapshot === undefined ? undefined : readSnapshot(mechanism, snapshot);
  const ledger = createLedger(saved?.ledger);
  const watermarks = createWatermarks(options, saved?.watermarks);

  let seen = -Infinity;
  const observeWatermark = (): void => {
    const watermark = watermarks.current();
    if (watermark === seen) return;
    seen = watermark;
    mechanism.reach(watermark);
  };
  const take = (event: E): 'aggregated' | 'late' | 'filtered' => {
    if (where !== undefined && !where(event)) return 'filtered';
    const count = keys.read(event);
    return count === 0 ? 'filtered' : mechanism.take(event, keys, count);
  };

  let hasSnapshot = false;
  const refusePending = (what: string): void => {
    if (mechanism.pending())
      throw new Error(
        `Cannot ${what}: upserts wait to be published, fire and heads have to be called until they answer nothing`,
      );
  };
  const write = (scope: Scope): Uint8Array => {
    refusePending('take a snapshot');
    hasSnapshot = true;
    return writeSnapshot(mechanism, { ledger: ledger.entries(), watermarks: watermarks.snapshot() }, scope);
  };

  observeWatermark();
  return {
    accept: (partition, event) => {
      ledger.open(partition);
      const outcome = take(event);
      ledger.count(partition, outcome);
      watermarks.observe(partition, timeOf(event));
      observeWatermark();
      return outcome;
    },
    refuse: (partition, outcome) => {
      ledger.open(partition);
      ledger.count(partition, outcome);
    },
    advance: (partition, watermark) => {
      watermarks.advance(partition, watermark);
      observeWatermark();
    },
    assign: (partitions) => {
      watermarks.assign(partitions);
      observeWatermark();
    },
    elapse: (now) => {
      watermarks.elapse(now);
      observeWatermark();
    },
    fire: (limit = Infinity) => {
      // Other windowers may have moved what they share.
      observeWatermark();
      return mechanism.fire(limit);
    },
    heads: mechanism.heads,
    reweigh: mechanism.reweigh,
    redefine: mechanism.redefine,
    forgetBelow: (value) => mechanism.forgetBelow?.(value),
    setHead: (head) => mechanism.setHead?.(head),
    republish: mechanism.republish,
    watermark: watermarks.current,
    ledger: ledger.entries,
    size: mechanism.size,
    evict: (count) => {
      refusePending('forget keys');
      return mechanism.evict(count);
    },
    snapshot: () => write('all'),
    changes: () => {
      if (!hasSnapshot) throw new Error('Cannot tell what changed: there is no snapshot to compare with, take one');
      return write('changed');
    },
  };
};

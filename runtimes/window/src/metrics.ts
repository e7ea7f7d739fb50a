import type { Metrics } from '@groundswell/process';
import { type LedgerEntry, outcomes, type Size } from '@groundswell/windowing';
import { createTableMetrics } from './join/table-metrics.ts';
import type { TableFacts } from './join/tables.ts';
import { type LaneLedgers, ledgersOf } from './ledger.ts';
import type { Shard } from './shard.ts';
import type { Restored } from './worker.ts';

/** Every metric of a window program. All have the label `window`, counts of records also `partition` and `outcome`. */
export const windowMetrics = {
  window_records_total: 'Records read, control records left out',
  window_events_total: 'Records read, by what became of them; they add up to window_records_total',
  window_shards: 'Partitions that this worker aggregates',
  window_upserts_total: 'Results published, corrections and emptied windows among them',
  window_watermark_lag_seconds: 'Wall time behind which event time has come. Of a replay it says how old the data is',
  window_keys: 'Keys with content',
  window_rows: 'Keys times panes with content',
  window_state_bytes: 'Memory of the state, estimated',
  window_checkpoint_bytes: 'Bytes of the last save: what changed, or now and then the whole state',
  window_state_use_ratio:
    'State held, as a share of the limit of keys or memory, whichever is nearer; from 1 on no events are taken',
  window_evicted_keys_total: 'Keys that were let go of for want of room, as state.whenFull says',
  window_restore_seconds: 'Time that it took to take the last shards over, with their state',
  window_restored_keys: 'Keys that were in that state',
} as const;

/** How a worker stands. */
interface Facts {
  readonly shards: readonly Shard[];
  readonly lanes: LaneLedgers | undefined;
  /** Published since the start. */
  readonly upserts: number;
  /** Of the limits of state; undefined without limits. */
  readonly use: number | undefined;
  /** Keys, since the start. */
  readonly evicted: number;
  readonly restored: Restored | undefined;
  readonly tables: readonly TableFacts[];
  /** Records that wait for rows. */
  readonly waiting: number;
  /** Wall time, ms. */
  readonly now: number;
}

export interface WindowMetrics {
  /** Counts these from here on: a ledger goes back further than this process, counters of processes must not. */
  begin(opened: Pick<Facts, 'shards' | 'lanes'>): void;
  /** Says how it stands; at most once in a second of wall time. */
  observe(facts: () => Facts, now: number): void;
  /** Says it now. */
  tell(facts: Facts): void;
  saved(bytes: number): void;
}

const everyMs = 1_000;

/** @param before what there was of these before they were counted here */
export const createWindowMetrics = (
  metrics: Metrics,
  window: string,
  before: Pick<Facts, 'upserts' | 'evicted'>,
): WindowMetrics => {
  const counter = (name: keyof typeof windowMetrics) =>
    metrics.counter(name, windowMetrics[name], ['window']).labels(window);
  const gauge = (name: keyof typeof windowMetrics) =>
    metrics.gauge(name, windowMetrics[name], ['window']).labels(window);
  const records = metrics.counter('window_records_total', windowMetrics.window_records_total, ['window', 'partition']);
  const labels = ['window', 'partition', 'outcome'];
  const events = metrics.counter('window_events_total', windowMetrics.window_events_total, labels);
  const [upserts, evicted] = [counter('window_upserts_total'), counter('window_evicted_keys_total')];
  const lag = gauge('window_watermark_lag_seconds');
  const [keys, rows] = [gauge('window_keys'), gauge('window_rows')];
  const [stateBytes, checkpointBytes] = [gauge('window_state_bytes'), gauge('window_checkpoint_bytes')];
  const shardsGauge = gauge('window_shards');
  const tellTables = createTableMetrics(metrics, window);
  const [use, restore] = [gauge('window_state_use_ratio'), gauge('window_restore_seconds')];
  const restoredKeys = gauge('window_restored_keys');
  /** Of a shard or lane, what was told of it: a ledger for each partition of the input. */
  const told = new Map<string, ReadonlyMap<number, LedgerEntry>>();
  let [toldUpserts, toldEvicted, toldAt] = [before.upserts, before.evicted, -Infinity];

  const parts = (shards: readonly Shard[], lanes: LaneLedgers | undefined) => [
    ...shards.map((shard) => [`shard ${shard.partition}/${shard.epoch}`, ledgersOf([shard], lanes && none)] as const),
    ...[...(lanes ?? [])].map(([lane, entry]) => [`lane ${lane}`, ledgersOf([], new Map([[lane, entry]]))] as const),
  ];
  const add = (partition: number, now: LedgerEntry, before: LedgerEntry | undefined): void => {
    const label = String(partition);
    // A lane that went and came back may be behind what it was.
    records.inc({ window, partition: label }, Math.max(0, now.in - (before?.in ?? 0)));
    for (const outcome of outcomes)
      events.inc(
        { window, partition: label, outcome: labelOf[outcome] },
        Math.max(0, now[outcome] - (before?.[outcome] ?? 0)),
      );
  };
  const tell: WindowMetrics['tell'] = ({ shards, lanes, now, ...facts }) => {
    toldAt = now;
    for (const [part, ledgers] of parts(shards, lanes)) {
      for (const [partition, entry] of ledgers) add(partition, entry, told.get(part)?.get(partition));
      told.set(part, ledgers);
    }
    upserts.inc(facts.upserts - toldUpserts);
    toldUpserts = facts.upserts;
    evicted.inc(facts.evicted - toldEvicted);
    toldEvicted = facts.evicted;
    const sizes = shards.map(({ windower }) => windower.size());
    const sumOf = (of: (size: Size) => number): number => sizes.reduce((sum, size) => sum + of(size), 0);
    keys.set(sumOf((size) => size.keys));
    rows.set(sumOf((size) => size.rows));
    stateBytes.set(sumOf(({ bytes }) => bytes));
    shardsGauge.set(shards.length);
    tellTables(facts);
    if (facts.use !== undefined) use.set(facts.use);
    if (facts.restored !== undefined) restore.set(facts.restored.ms / 1000);
    if (facts.restored !== undefined) restoredKeys.set(facts.restored.keys);
    const watermark = Math.min(...shards.map(({ windower }) => windower.watermark()));
    if (Number.isFinite(watermark)) lag.set(Math.max(0, now - watermark) / 1000);
  };
  return {
    begin: ({ shards, lanes }) => {
      for (const [part, ledgers] of parts(shards, lanes)) told.set(part, ledgers);
    },
    tell,
    observe: (facts, now) => {
      if (now - toldAt >= everyMs) tell(facts());
    },
    saved: (bytes) => checkpointBytes.set(bytes),
  };
};

const none: LaneLedgers = new Map();

const labelOf = {
  aggregated: 'aggregated',
  late: 'late',
  filtered: 'filtered',
  duplicate: 'duplicate',
  deadLettered: 'dead_lettered',
} as const;

import type { Metrics } from '@groundswell/process';
import { outcomes, totalOf, type Windower } from '@groundswell/windowing';

/** Every metric of a window program. All have the label `window`; `window_events_total` also `outcome`. */
export const windowMetrics = {
  window_records_total: 'Records read, control records left out',
  window_events_total: 'Records read, by what became of them; they add up to window_records_total',
  window_upserts_total: 'Results published, corrections and emptied windows among them',
  window_watermark_lag_seconds: 'Wall time behind which event time has come. Of a replay it says how old the data is',
  window_keys: 'Keys with content',
  window_rows: 'Keys times panes with content',
  window_state_bytes: 'Memory of the state, estimated',
  window_checkpoint_bytes: 'Size of the last checkpoint',
} as const;

export interface WindowMetrics {
  /** Counts from here on: the ledger goes back further than this process, counters of processes must not. */
  begin(windower: Windower<never>): void;
  /** Says how it stands; at most once in a second of wall time. */
  observe(windower: Windower<never>, facts: { readonly upserts: number; readonly now: number }): void;
  /** Says it now. */
  tell(windower: Windower<never>, facts: { readonly upserts: number; readonly now: number }): void;
  saved(bytes: number): void;
}

const everyMs = 1_000;

export const createWindowMetrics = (metrics: Metrics, window: string): WindowMetrics => {
  const counter = (name: keyof typeof windowMetrics) =>
    metrics.counter(name, windowMetrics[name], ['window']).labels(window);
  const gauge = (name: keyof typeof windowMetrics) =>
    metrics.gauge(name, windowMetrics[name], ['window']).labels(window);
  const records = counter('window_records_total');
  const events = metrics.counter('window_events_total', windowMetrics.window_events_total, ['window', 'outcome']);
  const upserts = counter('window_upserts_total');
  const lag = gauge('window_watermark_lag_seconds');
  const [keys, rows] = [gauge('window_keys'), gauge('window_rows')];
  const [stateBytes, checkpointBytes] = [gauge('window_state_bytes'), gauge('window_checkpoint_bytes')];
  let told = totalOf(new Map());
  let [toldUpserts, toldAt] = [0, -Infinity];

  const tell: WindowMetrics['tell'] = (windower, facts) => {
    toldAt = facts.now;
    const ledger = totalOf(windower.ledger());
    records.inc(ledger.in - told.in);
    for (const outcome of outcomes) events.inc({ window, outcome: labelOf[outcome] }, ledger[outcome] - told[outcome]);
    told = ledger;
    upserts.inc(facts.upserts - toldUpserts);
    toldUpserts = facts.upserts;
    const size = windower.size();
    keys.set(size.keys);
    rows.set(size.rows);
    stateBytes.set(size.bytes);
    const watermark = windower.watermark();
    if (Number.isFinite(watermark)) lag.set(Math.max(0, facts.now - watermark) / 1000);
  };
  return {
    begin: (windower) => {
      told = totalOf(windower.ledger());
    },
    tell,
    observe: (windower, facts) => {
      if (facts.now - toldAt >= everyMs) tell(windower, facts);
    },
    saved: (bytes) => checkpointBytes.set(bytes),
  };
};

const labelOf = {
  aggregated: 'aggregated',
  late: 'late',
  filtered: 'filtered',
  duplicate: 'duplicate',
  deadLettered: 'dead_lettered',
} as const;

import { createColumn } from './columns/create-column.ts';
import { createCorrections } from './corrections.ts';
import { createFiring } from './firing.ts';
import { createKeyReader } from './key-reader.ts';
import { createLedger, type Outcome } from './ledger.ts';
import { paningOf, tickAt } from './shape.ts';
import { none } from './slots.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { createTable } from './table.ts';
import { createTotals } from './totals.ts';
import { createWatermarks } from './watermarks.ts';
import type { Windower, WindowerOptions } from './windower.ts';

/** Tumbling and hopping windows, built from panes. */
export const createPanedWindower = <E>(options: WindowerOptions<E>, snapshot?: Uint8Array): Windower<E> => {
  const { aggregations, timeOf, where, allowedLatenessMs } = options;
  const paning = paningOf(options.shape);
  const { everyMs, panes: perWindow } = paning;
  const columns = aggregations.map(createColumn);
  const corrections = createCorrections(perWindow);
  const table = createTable(columns);
  const totals = createTotals(table);
  const firing = createFiring({ table, totals, corrections, paning, emit: options.emit, head: options.head });
  const keys = createKeyReader(options.keys);
  const parts = { paning, table, corrections, firing, aggregations };
  const saved = snapshot === undefined ? undefined : readSnapshot(parts, snapshot);
  const ledger = createLedger(saved?.ledger);
  const watermarks = createWatermarks(options, saved?.watermarks);

  /** Ticks that the watermark has reached, and those whose windows take no more events: moved by `observeWatermark`. */
  let [seen, reached, closed] = [-Infinity, -Infinity, -Infinity];
  const observeWatermark = (): void => {
    const watermark = watermarks.current();
    if (watermark === seen) return;
    seen = watermark;
    reached = tickAt(paning, watermark);
    closed = tickAt(paning, watermark - allowedLatenessMs);
  };
  const settle = (limit: number): void => firing.settle({ to: reached, closed, limit });

  const addTo = (slot: number, pane: number, event: E): void => {
    const newest = table.slots.newest[slot]!;
    const row = newest !== none && table.pane[newest] === pane ? newest : table.rowAt(slot, pane);
    const at = timeOf(event);
    for (const column of columns) column.add(row, event, at);
    firing.change(slot);
    if (pane < firing.fired())
      corrections.note({ slot, from: Math.max(pane, closed) + 1, until: pane + 1 + perWindow });
  };
  const take = (event: E): 'aggregated' | 'late' | 'filtered' => {
    if (where !== undefined && !where(event)) return 'filtered';
    const count = keys.read(event);
    if (count === 0) return 'filtered';
    const pane = Math.floor(timeOf(event) / everyMs);
    if (pane + perWindow <= closed) return 'late';
    // Late for some of its windows: those are fired first, so that it does not count in them.
    if (pane < closed && (firing.fired() < closed || corrections.earliest() <= closed)) settle(Infinity);
    for (let i = 0; i < count; i++) {
      const id = keys.id(i);
      addTo(table.slots.find(id) ?? table.slots.open(id, keys.parts(i)), pane, event);
    }
    return 'aggregated';
  };
  const count = (partition: number, outcome: Outcome): void => ledger.count(partition, outcome);

  observeWatermark();
  return {
    accept: (partition, event) => {
      ledger.open(partition);
      const outcome = take(event);
      count(partition, outcome);
      watermarks.observe(partition, timeOf(event));
      observeWatermark();
      return outcome;
    },
    refuse: (partition, outcome) => {
      ledger.open(partition);
      count(partition, outcome);
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
      settle(limit);
      return firing.take();
    },
    heads: () => {
      firing.heads();
      return firing.take();
    },
    reweigh: (aggregation, weights) => {
      aggregations.forEach(({ name }, i) => {
        if (name === aggregation) columns[i]?.reweigh?.(weights);
      });
      firing.republish();
    },
    republish: firing.republish,
    watermark: watermarks.current,
    ledger: ledger.entries,
    size: () => ({ keys: table.slots.live(), rows: table.rows(), bytes: table.bytes() }),
    snapshot: () => {
      if (firing.pending())
        throw new Error(
          'Cannot take a snapshot: upserts wait to be published, fire and heads have to be called until they answer nothing',
        );
      return writeSnapshot(parts, { ledger: ledger.entries(), watermarks: watermarks.snapshot() });
    },
  };
};

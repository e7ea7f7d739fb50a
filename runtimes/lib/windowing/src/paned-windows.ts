import { createCorrections } from './corrections.ts';
import { createFiring } from './firing.ts';
import type { KeyReader } from './key-reader.ts';
import { createMeasures } from './measures.ts';
import type { Mechanism } from './mechanism.ts';
import { oldestKeys } from './oldest-keys.ts';
import { restorePanes, writePanes } from './paned-snapshot.ts';
import { paningOf, type Slices, tickAt } from './shape.ts';
import { none } from './slots.ts';
import { createTable } from './table.ts';
import { createTotals } from './totals.ts';
import type { WindowerOptions } from './windower.ts';

/** Tumbling and hopping windows, built from panes. */
export const createPanedWindows = <E>(options: WindowerOptions<E>, shape: Slices): Mechanism<E> => {
  const { aggregations, timeOf, allowedLatenessMs } = options;
  const paning = paningOf(shape);
  const { everyMs, panes: perWindow } = paning;
  const measures = createMeasures(aggregations);
  const { columns } = measures;
  const corrections = createCorrections(perWindow);
  const table = createTable(columns);
  const totals = createTotals(table, measures.read);
  const firing = createFiring({ table, totals, corrections, paning, emit: options.emit, head: options.head });

  /** Ticks that the watermark has reached, and those whose windows take no more events. */
  let [reached, closed] = [-Infinity, -Infinity];
  const settle = (limit: number): void => firing.settle({ to: reached, closed, limit });

  const addTo = (slot: number, pane: number, event: E): void => {
    const newest = table.slots.newest[slot]!;
    const row = newest !== none && table.pane[newest] === pane ? newest : table.rowAt(slot, pane);
    const at = timeOf(event);
    for (const column of columns) column.add(row, event, at);
    table.note(row);
    firing.change(slot);
    if (pane < firing.fired())
      corrections.note({ slot, from: Math.max(pane, closed) + 1, until: pane + 1 + perWindow });
  };
  const take = (event: E, keys: KeyReader<E>, count: number): 'aggregated' | 'late' => {
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
  return {
    signature: JSON.stringify(['windower/2', everyMs, perWindow, measures.signature]),
    take,
    reach: (watermark) => {
      reached = tickAt(paning, watermark);
      closed = tickAt(paning, watermark - allowedLatenessMs);
    },
    fire: (limit) => {
      settle(limit);
      return firing.take();
    },
    heads: () => {
      firing.heads();
      return firing.take();
    },
    reweigh: (aggregation, weights) => {
      measures.reweigh(aggregation, weights);
      firing.republish();
    },
    redefine: (aggregation, derive) => {
      measures.redefine(aggregation, derive);
      firing.republish();
    },
    setHead: firing.setHead,
    republish: firing.republish,
    pending: firing.pending,
    size: () => ({ keys: table.slots.live(), rows: table.rows(), bytes: table.bytes(), used: table.used() }),
    evict: (count) => {
      const gone = oldestKeys(table.slots, count, (slot) => table.pane[table.slots.newest[slot]!]);
      return { keys: gone.length, upserts: firing.evict(gone) };
    },
    write: (to, scope) => writePanes(to, { table, corrections, firing }, scope),
    restore: () => restorePanes({ table, corrections, firing }),
  };
};

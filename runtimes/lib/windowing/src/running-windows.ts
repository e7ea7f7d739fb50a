import type { FadingColumn } from './columns/fading.ts';
import { createNewestTime } from './columns/newest-time.ts';
import { afterSilence, onceFaded } from './forgetting.ts';
import { createMeasures } from './measures.ts';
import type { Mechanism } from './mechanism.ts';
import { oldestKeys } from './oldest-keys.ts';
import { createRunningFiring } from './running-firing.ts';
import { restoreRunning, writeRunning } from './running-snapshot.ts';
import { checkedRunning, type RunningShape } from './shape.ts';
import { none } from './slots.ts';
import { createTable, type Table } from './table.ts';
import type { WindowerOptions } from './windower.ts';

/**
 * Windows without end: everything since the beginning (global), or all of it as it fades (decay). What happened in a slice
 * of `everyMs` is put into the total of its key when the watermark has passed it, and is told then. No event is late: one
 * that comes for an earlier slice joins the total at once, and the key is told again.
 */
export const createRunningWindows = <E>(options: WindowerOptions<E>, given: RunningShape): Mechanism<E> => {
  const { timeOf } = options;
  const shape = checkedRunning(given);
  const { everyMs } = shape;
  const fade = shape.kind === 'global' ? undefined : { halfLifeMs: shape.halfLifeMs, everyMs, now: 0 };
  const measures = createMeasures(options.aggregations, fade);
  const times = createNewestTime();
  const columns = [...measures.columns, times];
  const table: Table<E> = createTable(columns, (slot) => table.slots.total[slot] !== none);
  const { slots } = table;
  const forgetting =
    shape.kind === 'global'
      ? afterSilence(shape, { times, slots })
      : onceFaded(shape, { columns: measures.columns as readonly FadingColumn<never>[], fade: fade!, slots });
  const firing = createRunningFiring({ table, measures, everyMs, forgetting, fade, emit: options.emit });
  let reached = -Infinity;

  const addTo = (slot: number, event: E, at: number): void => {
    const pane = Math.floor(at / everyMs);
    if (pane < firing.fired()) {
      const row = table.take();
      for (const column of columns) column.add(row, event, at);
      firing.join(slot, row);
      table.give(row);
      return;
    }
    const row = table.rowAt(slot, pane);
    for (const column of columns) column.add(row, event, at);
    table.note(row);
  };
  return {
    signature: JSON.stringify(['running/1', { ...shape, forgetBelow: 0 }, measures.signature]),
    take: (event, keys, count) => {
      const at = timeOf(event);
      // It joins what is told already, whenever somebody asked last what is due.
      if (at < reached * everyMs && firing.fired() < reached) firing.settle(reached, Infinity);
      for (let i = 0; i < count; i++) addTo(slots.find(keys.id(i)) ?? slots.open(keys.id(i), keys.parts(i)), event, at);
      return 'aggregated';
    },
    reach: (watermark) => {
      reached = Math.floor((watermark + 1) / everyMs);
    },
    fire: (limit) => {
      firing.settle(reached, limit);
      return firing.take();
    },
    heads: () => [],
    reweigh: (aggregation, weights) => {
      measures.reweigh(aggregation, weights);
      firing.republish();
    },
    redefine: (aggregation, derive) => {
      measures.redefine(aggregation, derive);
      firing.republish();
    },
    forgetBelow: firing.forgetBelow,
    republish: firing.republish,
    pending: firing.pending,
    size: () => ({
      keys: slots.live(),
      rows: table.rows() + firing.totals(),
      bytes: table.bytes(),
      used: table.used(),
    }),
    evict: (count) => {
      const gone = oldestKeys(slots, count, (slot) => {
        const newest = slots.newest[slot]!;
        return newest === none ? times.at(slots.total[slot]!) : times.at(newest);
      });
      return { keys: gone.length, upserts: firing.evict(gone) };
    },
    write: (to, scope) => writeRunning(to, { table, firing }, scope),
    restore: () => restoreRunning({ table, firing }),
  };
};

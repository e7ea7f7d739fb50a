import type { Sink as SinkSpec } from '@groundswell/graph';
import type { RowMemo, RowValue } from '@groundswell/stores';
import type { Upsert, Values } from '@groundswell/windowing';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';
import { textOf } from './text.ts';

type HashSpec = Extract<SinkSpec, { kind: 'hash' }>;

/** Where the newest result of a key lies. */
interface Place extends RowMemo {
  readonly key: readonly string[];
  readonly hash: string;
  /** What is written there. */
  row: readonly RowValue[] | undefined;
  /** Wall time, ms, from which on a write sets the time to live again. */
  expireFrom: number;
}

/**
 * A hash for each key: a field for each aggregation, and `@<window>` with the end of the window that they are of.
 * It holds the newest window, so corrections of older ones are not for it; only fields that changed are written.
 * Where the template names the window, each window has a hash of its own, written whole.
 *
 * A hash lives for `ttlMs` after it was last written, and up to a sixteenth longer: so its time to live need not be set
 * with every write.
 */
export const createHashSink = (spec: HashSpec, context: SinkContext): Sink => {
  const template = compileTemplate(spec.key, context.keyNames);
  const { perWindow } = template;
  const { ttlMs } = spec;
  const slackMs = ttlMs === undefined || perWindow ? 0 : Math.ceil(ttlMs / 16);
  const fields = [...context.names, `@${context.window}`];
  const places: Place[] = [];

  const placeOf = (upsert: Upsert): Place => {
    const { slot, key } = upsert;
    const known = places[slot];
    // The slot of a key that is gone is given to another one.
    if (known?.key === key && !perWindow) return known;
    const place = { key, hash: template.fill(upsert), row: undefined, expireFrom: -Infinity, found: undefined };
    if (!perWindow) places[slot] = place;
    return place;
  };
  /** What was written there, unless its time may be over. */
  const rowBefore = ({ row, expireFrom }: Place, now: number): Place['row'] =>
    ttlMs === undefined || now < expireFrom + ttlMs ? row : undefined;
  return {
    write: (upserts, to) => {
      const now = context.clock.now();
      for (const upsert of upserts) {
        if (!upsert.newest && !perWindow) continue;
        const place = placeOf(upsert);
        if (upsert.values === null) {
          to.commands().hashDelete(place.hash, fields);
          place.row = undefined;
          place.expireFrom = -Infinity;
          continue;
        }
        const values = rowOf(upsert.values, upsert.end);
        to.commands().hashRow(place.hash, { names: fields, values, before: rowBefore(place, now), memo: place });
        place.row = values;
        if (ttlMs === undefined || now < place.expireFrom) continue;
        to.commands().expire(place.hash, ttlMs + slackMs);
        place.expireFrom = now + slackMs;
      }
    },
  };
};

/** The values, and the end of their window behind them. */
const rowOf = (values: Values, end: number): readonly RowValue[] => {
  // Filled first: an array of numbers would be copied when something else comes into it.
  const row = new Array<RowValue>(values.length + 1).fill(null);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    row[i] = typeof value === 'object' && value !== null ? textOf(value) : value;
  }
  row[values.length] = end;
  return row;
};

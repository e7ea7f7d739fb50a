import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Upsert, Values } from '@groundswell/windowing';
import type { Sink, SinkContext, Writes } from './sink.ts';
import { compileTemplate } from './template.ts';
import { textOf } from './text.ts';

type HashSpec = Extract<SinkSpec, { kind: 'hash' }>;

/** Where the newest result of a key lies. */
interface Place {
  readonly key: readonly string[];
  readonly hash: string;
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
  const endField = `@${context.window}`;
  const allFields = [...context.names, endField];
  const places: Place[] = [];

  const placeOf = (upsert: Upsert): Place => {
    const { slot, key } = upsert;
    const known = places[slot];
    // The slot of a key that is gone is given to another one.
    if (known?.key === key && !perWindow) return known;
    const place = { key, hash: template.fill(upsert), expireFrom: -Infinity };
    if (!perWindow) places[slot] = place;
    return place;
  };
  const setFields = (hash: string, { end, previous }: Upsert, { values, to }: { values: Values; to: Writes }): void => {
    const { names } = context;
    const before = perWindow ? undefined : previous;
    const fields: Record<string, string> = {};
    let gone: string[] | undefined;
    for (let i = 0; i < names.length; i++) {
      const value = values[i] ?? null;
      if (before !== undefined && before[i] === value) continue;
      if (value !== null) fields[names[i]!] = textOf(value);
      else if (gone === undefined) gone = [names[i]!];
      else gone.push(names[i]!);
    }
    fields[endField] = String(end);
    to.commands().hashSet(hash, fields);
    if (gone !== undefined) to.commands().hashDelete(hash, gone);
  };
  return {
    write: (upserts, to) => {
      const now = context.clock.now();
      for (const upsert of upserts) {
        if (!upsert.newest && !perWindow) continue;
        const place = placeOf(upsert);
        if (upsert.values === null) {
          to.commands().hashDelete(place.hash, allFields);
          place.expireFrom = -Infinity;
          continue;
        }
        setFields(place.hash, upsert, { values: upsert.values, to });
        if (ttlMs === undefined || now < place.expireFrom) continue;
        to.commands().expire(place.hash, ttlMs + slackMs);
        place.expireFrom = now + slackMs;
      }
    },
  };
};

import { createWindower, type Upsert, type Value } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';
import { type Query, slicesOf } from './queries.ts';

/** By the definition, in a few lines: every event is looked at for every window that is compared. */
const naive: Readonly<Record<string, (events: readonly SocialEvent[]) => readonly Value[]>> = {
  Q1: (events) => [
    events.length,
    events.reduce((sum, { attributes }) => sum + Number(attributes?.['amount']), 0),
    new Set(events.map(({ user_id }) => user_id)).size,
  ],
  Q2: (events) => [events.length],
  Q3: (events) => {
    const weights: Readonly<Record<string, number>> = { click: 1, like: 1, repost: 2, reply: 3 };
    return [events.reduce((sum, { type }) => sum + (weights[type] ?? 0), 0)];
  },
};

interface Judged {
  readonly event: SocialEvent;
  /** The watermark when it came. */
  readonly watermark: number;
}

const compared = 40;

/** @throws Error at the first result that differs from the naive one */
export const verify = (query: Query, events: readonly SocialEvent[]): number => {
  const { name, options } = query;
  const { sizeMs, everyMs } = slicesOf(query);
  const held = runAll(options, events);
  const judged = judge(options, events);
  const first = Math.min(...events.map(({ at }) => at));
  let results = 0;
  for (let i = 0; i < compared; i++) {
    const span = i % 2 === 0 ? events.length * 10 : sizeMs + events.length * 10;
    const end = Math.ceil((first + (span * i) / compared) / everyMs + 1) * everyMs;
    const inside = judged.filter(({ event, watermark }) => {
      return event.at >= end - sizeMs && event.at < end && watermark < end - 1;
    });
    const expected = Map.groupBy(inside, ({ event }) => String(options.keys[0]?.(event)));
    for (const [key, ends] of held) {
      const group = expected.get(key)?.map(({ event }) => event);
      const [told, due] = [foldAt(ends, end), group && naive[name]?.(group)];
      if (JSON.stringify(told ?? null) !== JSON.stringify(due ?? null))
        throw new Error(`Cannot time ${name}: for "${key}" at ${end} it says ${told}, ${due} is right`);
      if (group !== undefined) results++;
      expected.delete(key);
    }
    if (expected.size > 0)
      throw new Error(`Cannot time ${name}: it lacks ${[...expected.keys()].slice(0, 3)} at ${end}`);
  }
  return results;
};

const judge = ({ where, maxOutOfOrdernessMs }: Query['options'], events: readonly SocialEvent[]): readonly Judged[] => {
  let watermark = -Infinity;
  const judged: Judged[] = [];
  for (const event of events) {
    if (where?.(event) ?? true) judged.push({ event, watermark });
    watermark = Math.max(watermark, event.at - maxOutOfOrdernessMs);
  }
  return judged;
};

type Ends = Map<number, Upsert['values']>;

/** Key → end → values, as a store holds them that takes upserts. */
export const runAll = (options: Query['options'], events: readonly SocialEvent[]): ReadonlyMap<string, Ends> => {
  const windower = createWindower(options);
  const held = new Map<string, Ends>();
  const keep = (upserts: readonly Upsert[]): void => {
    for (const { key, end, values } of upserts)
      held.set(key.join(), (held.get(key.join()) ?? new Map()).set(end, values));
  };
  events.forEach((event, i) => {
    windower.accept(0, event);
    if (i % 100 === 0) keep(windower.fire());
  });
  windower.advance(0, Number.MAX_SAFE_INTEGER);
  keep(windower.fire());
  return held;
};

/** The newest result up to `end`. */
const foldAt = (ends: Ends, end: number): Upsert['values'] | undefined => {
  let newest = -Infinity;
  for (const at of ends.keys()) if (at <= end && at > newest) newest = at;
  return ends.get(newest);
};

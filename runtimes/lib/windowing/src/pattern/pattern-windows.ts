import { createMeasures } from '../measures.ts';
import type { Mechanism } from '../mechanism.ts';
import { oldestKeys } from '../oldest-keys.ts';
import { type PatternShape, wholeMs } from '../shape.ts';
import { createSlots } from '../slots.ts';
import { createTimers } from '../timers.ts';
import type { Upsert } from '../upsert.ts';
import type { WindowerOptions } from '../windower.ts';
import { type PatternState, restorePattern, type Waiting, writePattern } from './pattern-snapshot.ts';
import { createSearching, type Match, noRuns } from './runs.ts';
import { createSequence } from './steps.ts';
import { lift, type Taken } from './taken.ts';

/**
 * Sequences of events of one key. Events wait until the watermark is there and are then taken in the order of time, so an
 * event is late once the watermark has reached it, as in Flink. A result is a match: from its first event to behind its
 * last, with the aggregations over its events.
 */
export const createPatternWindows = <E>(options: WindowerOptions<E>, shape: PatternShape<E>): Mechanism<E> => {
  const { timeOf } = options;
  const { sequence: steps, withinMs, afterMatch } = shape;
  wholeMs('pattern', [withinMs]);
  const sequence = createSequence(steps);
  const searching = createSearching(sequence, shape);
  const lifted = lift(options.aggregations);
  const measures = createMeasures(lifted.aggregations);
  for (const column of measures.columns) column.reserve(1);
  const slots = createSlots();
  const state: PatternState = { slots, runs: [], ends: [], queue: createTimers(), waiting: [], turn: 0 };
  const { runs, ends, queue, waiting } = state;
  const free: number[] = [];
  const timers = createTimers();
  /** The deadline for which a key's timer is set, by slot. */
  const due: number[] = [];
  let outbox: Upsert[] = [];
  let watermark = -Infinity;

  const maskOf = (event: E): number => {
    let mask = 0;
    for (let i = 0; i < steps.length; i++) if (steps[i]!.where(event)) mask |= 2 ** i;
    return mask;
  };
  const open = (id: string, parts: readonly string[]): number => {
    const slot = slots.open(id, parts);
    runs[slot] = noRuns();
    ends[slot] = new Map();
    due[slot] = Infinity;
    return slot;
  };
  const valuesOf = ({ events }: Match) => {
    for (const taken of events) for (const column of measures.columns) column.add(0, taken, taken.at);
    const values = measures.read(0);
    for (const column of measures.columns) column.clear(0);
    return values;
  };
  const tell = (slot: number, match: Match): void => {
    const { end } = match;
    const nth = ends[slot]!.get(end) ?? 0;
    ends[slot]!.set(end, nth + 1);
    const newest = end >= slots.publishedTick[slot]!;
    if (newest) slots.publishedTick[slot] = end;
    const [first] = match.events;
    outbox.push({ slot, key: slots.key(slot)!, start: first!.at, end, nth, values: valuesOf(match), newest });
  };
  /** Sets the key's timer, and lets go of a key of which nothing is left. `time`: what is before is over. */
  const look = (slot: number, time: number): void => {
    const deadline = searching.deadline(runs[slot]!);
    for (const end of ends[slot]!.keys()) if (end + withinMs <= time) ends[slot]!.delete(end);
    if (deadline === Infinity && slots.content[slot] === 0) {
      slots.release(slot);
      return;
    }
    if (deadline >= due[slot]!) return;
    due[slot] = deadline;
    timers.add(deadline, slot);
  };
  const process = (id: number): void => {
    const { slot, taken, mask } = waiting[id]!;
    waiting[id] = undefined;
    free.push(id);
    slots.content[slot]!--;
    slots.note(slot);
    const inOrder: Taken = { ...taken, turn: state.turn++ };
    for (const match of searching.accept(runs[slot]!, inOrder, mask)) tell(slot, match);
    look(slot, taken.at);
  };
  const expire = (slot: number, deadline: number): void => {
    if (slots.key(slot) === undefined || due[slot] !== deadline) return;
    due[slot] = Infinity;
    slots.note(slot);
    for (const match of searching.reach(runs[slot]!, watermark + 1)) tell(slot, match);
    look(slot, watermark + 1);
  };
  const settle = (limit: number): void => {
    while (outbox.length < limit) {
      if (queue.next() <= watermark) process(queue.take());
      else if (timers.next() <= watermark + 1) {
        const deadline = timers.next();
        expire(timers.take(), deadline);
      } else return;
    }
  };
  const wait = (one: Waiting): void => {
    const id = free.pop() ?? waiting.length;
    waiting[id] = one;
    slots.content[one.slot]!++;
    queue.add(one.taken.at, id);
  };
  return {
    signature: JSON.stringify([
      'pattern/1',
      steps.map(({ where: _, ...step }) => step),
      [withinMs, afterMatch],
      measures.signature,
    ]),
    take: (event, keys, count) => {
      const at = timeOf(event);
      if (at <= watermark) return 'late';
      const mask = maskOf(event);
      if (mask === 0 && sequence.ignoresOthers) return 'aggregated';
      const taken: Taken = { turn: 0, at, values: mask === 0 ? [] : lifted.valuesOf(event) };
      for (let i = 0; i < count; i++)
        wait({ slot: slots.find(keys.id(i)) ?? open(keys.id(i), keys.parts(i)), taken, mask });
      return 'aggregated';
    },
    reach: (to) => {
      watermark = to;
    },
    fire: (limit) => {
      settle(limit);
      const taken = outbox;
      outbox = [];
      return taken;
    },
    heads: () => [],
    reweigh: measures.reweigh,
    redefine: measures.redefine,
    // What was found is not kept: there is nothing to tell again.
    republish: () => undefined,
    pending: () => outbox.length > 0,
    size: () => {
      const bytes = slots.live() * bytesPerKey + queue.size() * bytesPerEvent;
      return { keys: slots.live(), rows: queue.size(), bytes, used: bytes };
    },
    evict: (count) => {
      const gone = oldestKeys(slots, count, (slot) =>
        slots.content[slot] === 0 ? searching.newest(runs[slot]!) : undefined,
      );
      for (const slot of gone) slots.release(slot);
      return { keys: gone.length, upserts: [] };
    },
    write: (to, scope) => writePattern(to, measures.columns, { state, scope }),
    restore: () =>
      restorePattern(measures.columns, {
        ...{ state, open },
        resume: () => {
          for (let slot = 0; slot < slots.count(); slot++) if (slots.key(slot) !== undefined) look(slot, -Infinity);
        },
      }),
  };
};

/** Estimates: a key with its runs; an event that waits. */
const bytesPerKey = 600;
const bytesPerEvent = 200;

import type { ByteReader, ByteWriter } from '../bytes.ts';
import type { Column } from '../columns/column.ts';
import { createPlaces, writeKeys } from '../keys-codec.ts';
import type { Restoring, Scope } from '../mechanism.ts';
import type { Slots } from '../slots.ts';
import type { Timers } from '../timers.ts';
import { times } from '../times.ts';
import type { Runs } from './runs.ts';
import { readTaken, type Taken, writeTaken } from './taken.ts';

/** An event that the watermark has not reached. */
export interface Waiting {
  readonly slot: number;
  readonly taken: Taken;
  readonly mask: number;
}

export interface PatternState {
  readonly slots: Slots;
  /** By slot. */
  readonly runs: Runs[];
  /** By slot: end → how many matches were told with it. */
  readonly ends: Map<number, number>[];
  /** Ids of what waits, by event time. */
  readonly queue: Timers;
  readonly waiting: (Waiting | undefined)[];
  /** How many events were taken from the queue. */
  turn: number;
}

type Columns = readonly Column<Taken>[];

/** Of a key that changed, all; what waits for the watermark is written whole, as it is no older than the disorder. */
export const writePattern = (
  to: ByteWriter,
  columns: Columns,
  { state, scope }: { readonly state: PatternState; readonly scope: Scope },
): void => {
  const { slots, runs, ends, queue, waiting } = state;
  for (const column of columns) column.writeShared?.(to);
  to.number(state.turn);
  for (const slot of writeKeys(to, slots, scope)) {
    writeRuns(to, runs[slot]!);
    to.number(ends[slot]!.size);
    for (const numbers of ends[slot]!) for (const number of numbers) to.number(number);
  }
  to.number(queue.size());
  for (const [, id] of queue.all()) {
    const { slot, taken, mask } = waiting[id]!;
    to.number(slot);
    to.number(mask);
    writeTaken(taken, to);
  }
};

const writeEvents = (to: ByteWriter, events: readonly Taken[]): void => {
  to.number(events.length);
  for (const taken of events) writeTaken(taken, to);
};

const writeRuns = (to: ByteWriter, { cohorts }: Runs): void => {
  to.number(cohorts.length);
  for (const { state, runs, from, taken } of cohorts) {
    to.number(state.at);
    to.number(state.count);
    to.number(state.gap ? 1 : 0);
    writeEvents(to, taken);
    to.number(runs.length - from);
    for (const run of runs.slice(from)) writeEvents(to, run.events);
  }
};

interface RestoringParts {
  readonly state: PatternState;
  readonly open: (id: string, parts: readonly string[]) => number;
  /** Sets the timers of all keys. */
  readonly resume: () => void;
}

export const restorePattern = (columns: Columns, { state, open, resume }: RestoringParts): Restoring => {
  const { slots, runs, ends, queue, waiting } = state;
  const places = createPlaces({
    slots,
    open,
    forget: (gone) => {
      for (const slot of gone) slots.release(slot);
    },
  });
  return {
    load: (from) => {
      for (const column of columns) column.loadShared?.(from);
      state.turn = from.number();
      while (queue.size() > 0) slots.content[waiting[queue.take()]!.slot]!--;
      waiting.length = 0;
      for (const slot of places.read(from)) {
        runs[slot] = readRuns(from);
        ends[slot] = new Map(times(from.number(), () => [from.number(), from.number()] as const));
      }
      for (let left = from.number(); left > 0; left--) {
        const slot = places.slotOf(from.number());
        const mask = from.number();
        const taken = readTaken(from);
        slots.content[slot]!++;
        waiting.push({ slot, taken, mask });
        queue.add(taken.at, waiting.length - 1);
      }
    },
    resume,
  };
};

const readEvents = (from: ByteReader): Taken[] => times(from.number(), () => readTaken(from));

const readRuns = (from: ByteReader): Runs => ({
  cohorts: times(from.number(), () => {
    const state = { at: from.number(), count: from.number(), gap: from.number() === 1 };
    const taken = readEvents(from);
    const runs = times(from.number(), () => {
      const events = readEvents(from);
      const [start] = events;
      if (start === undefined) throw new RangeError('a run has no events');
      return { start, events };
    });
    return { state, taken, runs, from: 0 };
  }),
});

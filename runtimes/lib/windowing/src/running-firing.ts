import type { Values } from './aggregation.ts';
import type { Fade } from './columns/fading.ts';
import type { Forgetting } from './forgetting.ts';
import type { Measures } from './measures.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import { createTimers } from './timers.ts';
import type { Upsert } from './upsert.ts';
import type { Emit } from './windower.ts';

export interface RunningParts<E> {
  readonly table: Table<E>;
  readonly measures: Measures<E>;
  readonly everyMs: number;
  readonly forgetting: Forgetting;
  /** Of windows whose values fade: these are told at each tick, as all of them change. */
  readonly fade: Fade | undefined;
  readonly emit: Emit;
}

/** Puts slices into the totals of their keys, and says what is to be published. */
export interface RunningFiring {
  /** The newest tick that has fired: slices before it are in the totals. */
  fired(): number;
  /** Puts a row into the total of a key, which is told again at the tick that has fired. */
  join(slot: number, row: number): void;
  settle(to: number, limit: number): void;
  take(): readonly Upsert[];
  pending(): boolean;
  republish(): void;
  isRepublishing(): boolean;
  forgetBelow(value: number): void;
  /** Goes on from restored totals. */
  resume(fired: number): void;
  /** Forgets keys with all that they have; answers what is to be told of them. */
  evict(gone: readonly number[]): readonly Upsert[];
  /** How many keys have a total. */
  totals(): number;
}

export const createRunningFiring = <E>(parts: RunningParts<E>): RunningFiring => {
  const { table, measures, everyMs, forgetting, fade, emit } = parts;
  const { slots, panes, columns } = table;
  const timers = createTimers();
  /** The tick for which a key's timer is set, by slot. */
  const due: number[] = [];
  const touched = new Set<number>();
  let outbox: Upsert[] = [];
  let [fired, totals, republishing] = [-Infinity, 0, false];
  /** Keys below this slot were told at the tick that has fired; Infinity when all that have to be were. */
  let sweep = Infinity;

  const upsertOf = (slot: number, tick: number, values: Values | null): Upsert => {
    const key = slots.key(slot)!;
    return { slot, key, start: 0, end: tick * everyMs, values, newest: true };
  };
  const publishTotal = (slot: number): void => {
    const tick = slots.touchedTick[slot]!;
    if (fade !== undefined) fade.now = tick * everyMs;
    outbox.push(upsertOf(slot, tick, measures.read(slots.total[slot]!)));
  };
  const publishTouched = (): void => {
    for (const slot of touched) publishTotal(slot);
    touched.clear();
  };
  /** Sets the timer of a key, unless one is set that comes earlier: then it is put off. */
  const expect = (slot: number): void => {
    const tick = Math.max(fired + 1, forgetting.tickFor(slot));
    if (tick === Infinity || due[slot]! <= tick) return;
    due[slot] = tick;
    timers.add(tick, slot);
  };
  const totalOf = (slot: number): number => {
    const known = slots.total[slot]!;
    if (known !== none) return known;
    const made = table.take();
    slots.total[slot] = made;
    due[slot] = Infinity;
    totals++;
    return made;
  };
  const join = (slot: number, row: number): void => {
    const total = totalOf(slot);
    for (const column of columns) {
      column.enter(total, row);
      column.compact?.(total);
    }
    if (fade !== undefined) fade.now = fired * everyMs;
    expect(slot);
    slots.touchedTick[slot] = fired;
    slots.note(slot);
    touched.add(slot);
  };
  const dropTotal = (slot: number): void => {
    table.give(slots.total[slot]!);
    totals--;
    slots.total[slot] = none;
  };
  const forget = (slot: number): void => {
    touched.delete(slot);
    outbox.push(upsertOf(slot, fired, null));
    dropTotal(slot);
    slots.note(slot);
    // A key with an unfinished slice begins anew with it.
    if (slots.newest[slot] === none) slots.release(slot);
  };
  const forgetDue = (): void => {
    while (timers.next() <= fired) {
      const tick = timers.next();
      const slot = timers.take();
      if (slots.key(slot) === undefined || slots.total[slot] === none || due[slot] !== tick) continue;
      due[slot] = Infinity;
      // What joined it now is told once at least.
      if (slots.touchedTick[slot] !== fired && forgetting.isOver(slot, fired)) forget(slot);
      else expect(slot);
    }
  };
  const fireTick = (tick: number, isLast: boolean): void => {
    fired = tick;
    const hasEntered = panes.find(tick - 1) !== undefined;
    for (let row = panes.find(tick - 1)?.first ?? none; row !== none; row = table.next[row]!)
      join(table.slot[row]!, row);
    if (hasEntered) table.dropOldestPane();
    forgetDue();
    // Between, values only fade: that is told for the newest tick.
    if (Number.isFinite(tick) && (emit === 'EveryWindow' ? hasEntered || isLast : fade !== undefined && isLast))
      sweep = 0;
    else if (emit !== 'Newest') publishTouched();
  };
  const sweepOn = (limit: number): void => {
    for (; sweep < slots.count() && outbox.length < limit; sweep++) {
      if (slots.key(sweep) === undefined || slots.total[sweep] === none) continue;
      touched.delete(sweep);
      slots.touchedTick[sweep] = fired;
      publishTotal(sweep);
    }
    if (sweep >= slots.count()) sweep = Infinity;
  };
  /** Answers whether there was something to do. */
  const advance = (to: number): boolean => {
    if (fired >= to) return false;
    const tick = Math.min(panes.nextFrom(fired) + 1, timers.next(), to);
    fireTick(tick, tick === to);
    return true;
  };
  return {
    fired: () => fired,
    join,
    settle: (to, limit) => {
      if (republishing && Number.isFinite(fired)) sweep = 0;
      republishing = false;
      publishTouched();
      while (outbox.length + touched.size < limit) {
        if (sweep < Infinity) sweepOn(limit);
        else if (!advance(to)) break;
      }
      publishTouched();
    },
    take: () => {
      const taken = outbox;
      outbox = [];
      return taken;
    },
    pending: () => outbox.length > 0 || sweep < Infinity,
    republish: () => {
      republishing = true;
    },
    isRepublishing: () => republishing || touched.size > 0,
    forgetBelow: (value) => {
      forgetting.below(value);
      for (let slot = 0; slot < slots.count(); slot++)
        if (slots.key(slot) !== undefined && slots.total[slot] !== none) expect(slot);
    },
    resume: (tick) => {
      fired = tick;
      if (fade !== undefined) fade.now = fired * everyMs;
      for (let slot = 0; slot < slots.count(); slot++) {
        if (slots.total[slot] === none) continue;
        totals++;
        due[slot] = Infinity;
        expect(slot);
      }
    },
    evict: (gone) => {
      const told = gone.filter((slot) => slots.total[slot] !== none);
      const upserts = told.map((slot) => upsertOf(slot, fired, null));
      for (const slot of told) dropTotal(slot);
      for (const slot of gone) touched.delete(slot);
      table.dropKeys(gone);
      return upserts;
    },
    totals: () => totals,
  };
};

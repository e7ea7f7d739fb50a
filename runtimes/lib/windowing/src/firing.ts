import type { Values } from './aggregation.ts';
import type { Correction, Corrections } from './corrections.ts';
import type { Paning } from './shape.ts';
import { none } from './slots.ts';
import type { Table } from './table.ts';
import type { PaneRange, Totals } from './totals.ts';
import type { Upsert } from './upsert.ts';
import type { Emit, Head } from './windower.ts';

export interface FiringParts<E> {
  readonly table: Table<E>;
  readonly totals: Totals;
  readonly corrections: Corrections;
  readonly paning: Paning;
  readonly emit: Emit;
  readonly head: Head;
}

/** Moves the totals from tick to tick and says what is to be published. */
export interface Firing {
  /** The newest tick whose windows have fired. */
  fired(): number;
  /** Fires what is due up to tick `to` until there are `limit` upserts; forgets what no window that is not `closed` needs. */
  settle(options: { readonly to: number; readonly closed: number; readonly limit: number }): void;
  /** What is to be published since the last call. */
  take(): readonly Upsert[];
  /** Something waits for `take` or `heads`. */
  pending(): boolean;
  /** The key's unfinished window changed. Of no matter where heads are not published. */
  change(slot: number): void;
  /** The newest window of each changed key, with its unfinished panes. */
  heads(): void;
  /** Forgets keys with all that they have; answers what is to be told of them. */
  evict(gone: readonly number[]): readonly Upsert[];
  /** Whether heads are published from now on; all of them then. */
  setHead(head: Head): void;
  /** Everything is to be published again: weights have changed. */
  republish(): void;
  isRepublishing(): boolean;
  /** Goes on from a restored table: totals are made anew. */
  resume(fired: number): void;
}

const between = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

export const createFiring = <E>({
  table,
  totals,
  corrections,
  paning,
  emit,
  head: initial,
}: FiringParts<E>): Firing => {
  const { slots, panes } = table;
  const { everyMs, panes: perWindow } = paning;
  let head = initial;
  let fired = -Infinity;
  let outbox: Upsert[] = [];
  /** Keys that changed since a tick, to be published. */
  let touched: number[] = [];
  let since = -Infinity;
  let changed: number[] = [];
  let republishing = false;

  const windowAt = (tick: number): PaneRange => ({ from: tick - perWindow, until: tick });
  const upsertOf = (slot: number, tick: number, values: Values | null): Upsert => {
    const [start, end] = [(tick - perWindow) * everyMs, tick * everyMs];
    return { slot, key: slots.key(slot)!, start, end, values, newest: tick >= slots.publishedTick[slot]! };
  };
  const publish = (slot: number, tick: number, values: Values | undefined): void => {
    const upsert = upsertOf(slot, tick, values ?? null);
    outbox.push(upsert);
    if (!upsert.newest) return;
    slots.publishedTick[slot] = tick;
    slots.note(slot);
  };
  const touch = (slot: number): void => {
    if (slots.touchedTick[slot]! < since) touched.push(slot);
    slots.touchedTick[slot] = fired;
  };
  const publishTouched = (): void => {
    for (const slot of touched) publish(slot, slots.touchedTick[slot]!, totals.values(slot));
    touched = [];
  };
  const forPane = (index: number, visit: (slot: number, row: number) => void): void => {
    let row = panes.find(index)?.first ?? none;
    for (; row !== none; row = table.next[row]!) visit(table.slot[row]!, row);
  };
  const fireTick = (tick: number): void => {
    const window = windowAt(tick);
    fired = tick;
    if (touched.length === 0) since = tick;
    const rest = { from: window.from, until: tick - 1 };
    forPane(window.from - 1, (slot, row) => {
      totals.leave(slot, [row], rest);
      touch(slot);
    });
    forPane(tick - 1, (slot, row) => {
      totals.enter(slot, row);
      touch(slot);
    });
    for (const { slot } of corrections.takeUntil(tick)) touch(slot);
    if (emit === 'EveryWindow')
      for (let slot = 0; slot < slots.count(); slot++) if (slots.content[slot]! > 0) touch(slot);
    if (emit !== 'Newest') publishTouched();
  };
  /** The next tick at which something happens; those between cost nothing. */
  const nextDue = (): number => {
    const entering = panes.nextFrom(fired) + 1;
    const leaving = panes.nextFrom(fired - perWindow) + 1 + perWindow;
    const due = Math.min(entering, leaving, corrections.earliest());
    const everyOne = emit === 'EveryWindow' && panes.nextFrom(fired + 1 - perWindow) <= fired;
    return everyOne ? fired + 1 : due;
  };
  /** Tells the windows that have fired again; where only the newest count, the last one stands for all. */
  const tellAgain = (correction: Correction): void => {
    const { slot, from, until } = correction;
    if (emit === 'Newest') {
      publish(slot, fired, totals.values(slot));
      return;
    }
    const last = Math.min(fired, until);
    const ticks = emit === 'OnChange' ? corrections.ticksOf(correction, table.panesOf(slot)) : between(from, last);
    for (const tick of ticks) if (tick <= last) publish(slot, tick, totals.valuesIn(slot, windowAt(tick)));
  };
  const correct = (): void => {
    const window = windowAt(fired);
    for (const { slot } of corrections.all()) totals.rebuild(slot, window);
    for (const correction of corrections.takeUntil(fired)) tellAgain(correction);
  };
  const change = (slot: number): void => {
    if (head === 'Closed' || slots.changed[slot] === 1) return;
    slots.changed[slot] = 1;
    changed.push(slot);
  };
  const publishAll = (): void => {
    republishing = false;
    for (let slot = 0; slot < slots.count(); slot++) {
      if (slots.key(slot) === undefined) continue;
      change(slot);
      // Joined by a late event that its last window does not hold: it is published with its next window.
      if (slots.content[slot]! > 0 && !corrections.has(slot)) publish(slot, fired, totals.values(slot));
    }
    corrections.mark(fired);
  };
  const drop = (closed: number): void => {
    for (;;) {
      const pane = panes.oldest();
      if (pane === undefined || pane.index + perWindow > closed || pane.index + perWindow >= fired) return;
      table.dropOldestPane();
    }
  };
  return {
    fired: () => fired,
    settle: ({ to, closed, limit }) => {
      correct();
      if (republishing) publishAll();
      while (fired < to && outbox.length + touched.length < limit) {
        const tick = nextDue();
        if (tick <= to) fireTick(tick);
        else fired = to;
      }
      publishTouched();
      corrections.close(closed);
      drop(closed);
    },
    take: () => {
      const taken = outbox;
      outbox = [];
      return taken;
    },
    pending: () => outbox.length + changed.length > 0,
    change,
    heads: () => {
      const now = windowAt(fired);
      for (const slot of changed) {
        if (slots.changed[slot] !== 1) continue;
        slots.changed[slot] = 0;
        const pane = table.pane[slots.newest[slot]!]!;
        if (pane >= fired) publish(slot, pane + 1, totals.valuesAhead(slot, windowAt(pane + 1), now));
      }
      changed = [];
    },
    evict: (gone) => {
      const told = gone.filter((slot) => slots.publishedTick[slot] !== -Infinity);
      const upserts = told.map((slot) => upsertOf(slot, slots.publishedTick[slot]!, null));
      for (const slot of gone) {
        totals.forget(slot);
        slots.changed[slot] = 0;
      }
      corrections.forget(gone);
      table.dropKeys(gone);
      return upserts;
    },
    setHead: (next) => {
      if (next === head) return;
      head = next;
      republishing = true;
    },
    republish: () => {
      republishing = true;
    },
    isRepublishing: () => republishing,
    resume: (tick) => {
      fired = tick;
      const window = windowAt(tick);
      for (let slot = 0; slot < slots.count(); slot++) totals.rebuild(slot, window);
    },
  };
};

/** Ticks of one key to publish again, because an event came for a pane that windows were fired with already. */
export interface Correction {
  readonly slot: number;
  /**
   * The first window that the event still counts in. May lie one tick ahead of what has fired: then the event joins the
   * key's total on its way there. No later correction begins earlier, as windows only ever close.
   */
  readonly from: number;
  /** The tick at which the event's pane has left. */
  readonly until: number;
}

/** Remembers late events that are still allowed until the next firing, one correction for each key. */
export interface Corrections {
  note(correction: Correction): void;
  /** The smallest `from`, or Infinity. */
  earliest(): number;
  has(slot: number): boolean;
  forget(slots: readonly number[]): void;
  /** Takes those with `from` ≤ tick. */
  takeUntil(tick: number): readonly Correction[];
  /** All that are noted, without taking them. */
  all(): readonly Correction[];
  /** Every key with content was published at this tick. */
  mark(tick: number): void;
  marks(): readonly number[];
  /** The ticks at which a key with these panes was, or has to be, published within the correction, ascending. */
  ticksOf(correction: Correction, panes: readonly number[]): readonly number[];
  /** Windows up to this tick are final. */
  close(tick: number): void;
}

export const createCorrections = (perWindow: number): Corrections => {
  const noted = new Map<number, Correction>();
  let earliest = Infinity;
  let marks: readonly number[] = [];
  const drop = (slots: readonly number[]): void => {
    for (const slot of slots) noted.delete(slot);
    earliest = [...noted.values()].reduce((least, { from }) => Math.min(least, from), Infinity);
  };
  return {
    note: ({ slot, from, until }) => {
      const before = noted.get(slot);
      earliest = Math.min(earliest, from);
      noted.set(slot, {
        slot,
        from: Math.min(from, before?.from ?? from),
        until: Math.max(until, before?.until ?? until),
      });
    },
    earliest: () => earliest,
    has: (slot) => noted.has(slot),
    forget: drop,
    takeUntil: (tick) => {
      if (earliest > tick) return [];
      const taken = [...noted.values()].filter(({ from }) => from <= tick);
      drop(taken.map(({ slot }) => slot));
      return taken;
    },
    all: () => [...noted.values()],
    mark: (tick) => {
      marks = [...marks, tick];
    },
    marks: () => marks,
    ticksOf: ({ from, until }, panes) => {
      const ticks = new Set([from, ...marks]);
      for (const pane of panes) ticks.add(pane + 1).add(pane + 1 + perWindow);
      return [...ticks].filter((tick) => tick >= from && tick <= until).sort((a, b) => a - b);
    },
    close: (tick) => {
      if (marks.some((mark) => mark <= tick)) marks = marks.filter((mark) => mark > tick);
    },
  };
};

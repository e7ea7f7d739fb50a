import type { Fate, Incoming } from '../../source-reader.ts';

interface Delivery {
  readonly rows: readonly Incoming[];
  readonly at: number;
  readonly settle: (fates: readonly Fate[]) => void;
  readonly fail: (error: Error) => void;
}

/** Deliveries between their request and the log: first those that wait to be taken, then those that were taken. */
export const createWaiting = (now: () => number) => {
  const queue: Delivery[] = [];
  const taken: Delivery[] = [];
  let rowsQueued = 0;
  let wake = (): void => undefined;
  return {
    rows: (): number => rowsQueued,
    /** How long the oldest has waited to be taken, ms. */
    behindMs: (): number => (queue[0] === undefined ? 0 : now() - queue[0].at),
    /** Resolves when the rows are in the log. */
    add: (rows: readonly Incoming[]): Promise<readonly Fate[]> =>
      new Promise((settle, fail) => {
        queue.push({ rows, at: now(), settle, fail });
        rowsQueued += rows.length;
        wake();
      }),
    /** Whole deliveries, until they have at least so many rows. */
    take: (atLeast: number): readonly Incoming[] => {
      const rows: Incoming[] = [];
      while (queue.length > 0 && rows.length < atLeast) {
        const delivery = queue.shift() as Delivery;
        taken.push(delivery);
        rows.push(...delivery.rows);
      }
      rowsQueued -= rows.length;
      return rows;
    },
    /** In the order in which they were taken; may come in several parts, but never within a delivery. */
    settle: (fates: readonly Fate[]): void => {
      for (let at = 0; at < fates.length; ) {
        const delivery = taken.shift();
        if (delivery === undefined) return;
        delivery.settle(fates.slice(at, at + delivery.rows.length));
        at += delivery.rows.length;
      }
    },
    failAll: (error: Error): void => {
      for (const { fail } of [...taken.splice(0), ...queue.splice(0)]) fail(error);
      rowsQueued = 0;
    },
    woken: (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
};

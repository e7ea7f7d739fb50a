/** How much the newest run counts against those before. */
const weight = 0.1;

/** How fast rows get done while some wait: the run itself, and all that the process does between runs. */
export interface Pace {
  /**
   * A run ended. `more`: others wait, so that the next one follows at once. `isFull`: it had as many rows as a run can
   * have; only such a one says what many rows will take, as a run of one row costs nearly as much as one of ten.
   */
  ran(rows: number, run: { readonly more: boolean; readonly isFull: boolean }): void;
  /** Nothing waits: what follows is no measure. */
  rest(): void;
  /** How long rows that wait will take, ms; 0 before anything is known. */
  estimate(rows: number): number;
}

export const createPace = (now: () => number = () => performance.now()): Pace => {
  let msPerRow: number | undefined;
  let endedAt: number | undefined;
  return {
    ran: (rows, { more, isFull }) => {
      const at = now();
      if (endedAt !== undefined && isFull) {
        const measured = (at - endedAt) / rows;
        msPerRow = msPerRow === undefined ? measured : msPerRow + weight * (measured - msPerRow);
      }
      endedAt = more ? at : undefined;
    },
    rest: () => {
      endedAt = undefined;
    },
    estimate: (rows) => rows * (msPerRow ?? 0),
  };
};

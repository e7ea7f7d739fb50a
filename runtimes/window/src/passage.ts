import type { Clock, Stages } from '@groundswell/process';
import type { Batch } from '@groundswell/stores';

/** How long records take through a worker: from when the log had them to what follows from them. One stamp for all of a batch. */
export interface Passage {
  /** These are taken now; answers them. */
  enter(batches: readonly Batch[]): readonly Batch[];
  /** All that followed from what was taken is written. */
  published(): void;
  /** These were sent on by their keys. */
  sentOn(batches: readonly Batch[]): void;
  report: Stages['report'];
}

const stampsOf = (batches: readonly Batch[]): readonly number[] =>
  batches.flatMap(({ records }) => records.at(-1)?.appendedAt ?? []);

export const createPassage = (stages: Stages, clock: Clock): Passage => {
  let taken: readonly number[] = [];
  return {
    enter: (batches) => {
      if (batches.length > 0) taken = [...taken, ...stampsOf(batches)];
      return batches;
    },
    published: () => {
      if (taken.length === 0) return;
      const now = clock.now();
      for (const appendedAt of taken) stages.note('window', now - appendedAt);
      taken = [];
    },
    sentOn: (batches) => {
      const now = clock.now();
      for (const appendedAt of stampsOf(batches)) stages.note('rekey', now - appendedAt);
    },
    report: stages.report,
  };
};

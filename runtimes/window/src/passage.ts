import { type Stages, traceHeader, traceIdOf } from '@groundswell/process';
import type { Batch, Ports } from '@groundswell/stores';

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

interface Stamp {
  readonly appendedAt: number;
  /** What records of the batch carry that are traced. */
  readonly traced: readonly string[];
}

const none: readonly string[] = [];

export const createPassage = (
  stages: Stages,
  window: string,
  { clock, tracing }: Pick<Ports, 'clock' | 'tracing'>,
): Passage => {
  let taken: readonly Stamp[] = [];
  const tracedIn = ({ records }: Batch): readonly string[] =>
    tracing === undefined ? none : records.flatMap(({ headers }) => headers[traceHeader] ?? []);
  const stampsOf = (batches: readonly Batch[]): readonly Stamp[] =>
    batches.flatMap((batch) => {
      const traced = tracedIn(batch);
      const appendedAt = batch.records.at(-1)?.appendedAt ?? (traced.length > 0 ? clock.now() : undefined);
      return appendedAt === undefined ? [] : { appendedAt, traced };
    });
  const note = (stage: 'window' | 'rekey', stamps: readonly Stamp[]): void => {
    const now = clock.now();
    for (const { appendedAt, traced } of stamps) {
      const [first] = traced;
      stages.note(stage, now - appendedAt, first && traceIdOf(first));
      for (const parent of traced)
        tracing?.note({ name: stage, startMs: appendedAt, endMs: now, attributes: { window } }, parent);
    }
  };
  return {
    enter: (batches) => {
      if (batches.length > 0) taken = [...taken, ...stampsOf(batches)];
      return batches;
    },
    published: () => {
      if (taken.length === 0) return;
      note('window', taken);
      taken = [];
    },
    sentOn: (batches) => note('rekey', stampsOf(batches)),
    report: stages.report,
  };
};

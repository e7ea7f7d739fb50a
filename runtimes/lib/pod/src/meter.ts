import type { Program } from '@groundswell/graph';
import type { Clock, ProgramReport, Report, Running } from '@groundswell/process';
import type { Log } from '@groundswell/stores';

interface Step {
  readonly tookMs: number;
  readonly records: number;
  readonly running: Running;
}

/** Measures what a program does from outside: how long it works, and on how much. */
export interface Meter {
  /** The log, with the time that consumers wait for records taken. */
  readonly log: Log;
  step(step: Step): void;
  saved(): void;
  report(program: Pick<Program, 'name' | 'revision'>, running: Running): ProgramReport;
}

export const createMeter = (log: Log, clock: Clock): Meter => {
  let [waitedMs, busyMs, uncommitted] = [0, 0, 0];
  let waitedBefore = 0;
  // In the middle of a step records are counted as taken, and not yet as anything else.
  let whole: Report | undefined;
  return {
    log: {
      ...log,
      consumer: async (options) => {
        const consumer = await log.consumer(options);
        return {
          ...consumer,
          poll: async (wanted) => {
            const since = clock.now();
            try {
              return await consumer.poll(wanted);
            } finally {
              waitedMs += clock.now() - since;
            }
          },
        };
      },
    },
    step: ({ tookMs, records, running }) => {
      // A step that took nothing looked around, and would have had the time for records.
      if (records > 0) busyMs += Math.max(0, tookMs - (waitedMs - waitedBefore));
      waitedBefore = waitedMs;
      uncommitted += records;
      whole = running.report();
    },
    saved: () => {
      uncommitted = 0;
    },
    report: ({ name, revision }, running) => ({
      program: name,
      revision,
      at: clock.now(),
      health: running.health(),
      busyMs,
      uncommitted,
      ...plainly(whole ?? running.report()),
    }),
  };
};

const plainly = ({ records, watermark, eventTime, ledger, produced, demand, variants, rollout }: Report) => ({
  records,
  watermark: finite(watermark),
  eventTime: finite(eventTime),
  produced: { ...produced },
  ...(ledger !== undefined && { ledger: { ...ledger } }),
  ...(variants !== undefined && { variants: [...variants] }),
  ...(rollout !== undefined && { rollout: { ...rollout } }),
  ...(demand !== undefined && { demand: { ...demand, shares: { ...demand.shares }, retired: [...demand.retired] } }),
});

/** JSON has no infinity. */
const finite = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

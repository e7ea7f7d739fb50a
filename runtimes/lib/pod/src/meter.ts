import type { Program } from '@groundswell/graph';
import type { Clock, ProgramReport, Report, Running } from '@groundswell/process';
import type { Batch, Log, PartitionLag, TopicPartition } from '@groundswell/stores';

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
  /** Asks the log what the groups of the program have before them. What cannot be found out is not known. */
  lookAhead(): Promise<void>;
  report(program: Pick<Program, 'name' | 'revision'>, running: Running): ProgramReport;
}

export const createMeter = (log: Log, clock: Clock): Meter => {
  let [waitedMs, busyMs] = [0, 0];
  let waitedBefore = 0;
  // In the middle of a step records are counted as taken, and not yet as anything else.
  let whole: Report | undefined;
  const reads = new Map<string, { readonly group: string; readonly topic: string }>();
  const taken = new Map<string, bigint>();
  let inputs: ProgramReport['inputs'];
  return {
    log: {
      ...log,
      consumer: async (options) => {
        const consumer = await log.consumer(options);
        const { group, topics } = options;
        if (group !== undefined) for (const topic of topics) reads.set(`${group} ${topic}`, { group, topic });
        return {
          ...consumer,
          poll: async (wanted) => {
            const since = clock.now();
            try {
              const batches = await consumer.poll(wanted);
              if (group !== undefined) for (const batch of batches) taken.set(placeOf(batch), endOf(batch));
              return batches;
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
      whole = running.report();
    },
    lookAhead: async () => {
      try {
        const lags = await Promise.all([...reads.values()].map(({ group, topic }) => log.lag(group, topic)));
        inputs = { at: clock.now(), partitions: lags.flat().map((lag) => plainLag(lag, taken.get(placeOf(lag)))) };
      } catch {
        inputs = undefined;
      }
    },
    report: ({ name, revision }, running) => ({
      program: name,
      revision,
      at: clock.now(),
      health: running.health(),
      busyMs,
      ...(inputs !== undefined && { inputs }),
      ...plainly(whole ?? running.report()),
    }),
  };
};

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

const endOf = ({ records }: Batch): bigint => (records.at(-1)?.offset ?? -1n) + 1n;

/** As numbers: offsets come nowhere near 2^53. */
const plainLag = ({ topic, partition, end, lag }: PartitionLag, taken: bigint | undefined) => ({
  topic,
  partition,
  end: Number(end),
  committed: Number(end - lag),
  ...(taken !== undefined && { taken: Number(taken) }),
});

const plainly = ({
  records,
  watermark,
  eventTime,
  ledger,
  produced,
  demand,
  variants,
  rollout,
  state,
  quota,
  stages,
  redefinition,
  blend,
  fanOut,
  p99Ms,
}: Report) => ({
  records,
  watermark: finite(watermark),
  eventTime: finite(eventTime),
  produced: { ...produced },
  ...(state !== undefined && { state: { ...state } }),
  ...(ledger !== undefined && { ledger: { ...ledger } }),
  ...(quota !== undefined && { quota: { ...quota } }),
  ...(stages !== undefined && stages.length > 0 && { stages: [...stages] }),
  ...(redefinition !== undefined && { redefinition: { ...redefinition } }),
  ...(p99Ms !== undefined && { p99Ms }),
  ...(fanOut !== undefined && { fanOut: { ...fanOut } }),
  ...(blend !== undefined && { blend: { ...blend } }),
  ...(variants !== undefined && { variants: [...variants] }),
  ...(rollout !== undefined && { rollout: { ...rollout } }),
  ...(demand !== undefined && { demand: { ...demand, shares: { ...demand.shares }, retired: [...demand.retired] } }),
});

/** JSON has no infinity. */
const finite = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

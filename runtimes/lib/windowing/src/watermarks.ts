import { createInputs, type InputOptions, type Inputs } from './inputs.ts';

/**
 * How far event time has come: a watermark of t promises no more events with a timestamp ≤ t. Of a partition it is the
 * largest timestamp seen − `maxOutOfOrdernessMs`; of several, the smallest of those that are not idle, or the largest
 * where all are idle, as Flink has it. It never goes back.
 */
export interface Watermarks {
  /** −Infinity until every partition that is not idle has spoken. */
  current(): number;
  /** An event with this timestamp was seen. */
  observe(partition: number, at: number): void;
  /** The partition promises by itself; a smaller promise than before says nothing. */
  advance(partition: number, watermark: number): void;
  /** Exactly these partitions count from now on. One that was not named counts from its first event. */
  assign(partitions: readonly number[]): void;
  /** Wall time, ms: what has been silent for `idleTimeoutMs` until now no longer holds back the others. */
  elapse(now: number): void;
  /** Of the partitions that were seen through here. */
  snapshot(): WatermarksSnapshot;
}

export interface WatermarksSnapshot {
  readonly current: number;
  readonly partitions: readonly (readonly [partition: number, watermark: number])[];
}

export interface WatermarkOptions extends InputOptions {
  /** Of a worker that has several windowers, each with partitions of its own. Absent: nobody else's count. */
  readonly inputs?: Inputs | undefined;
}

/**
 * @param from of earlier ones, for the partitions that were seen through them
 */
export const createWatermarks = (
  options: WatermarkOptions,
  from: WatermarksSnapshot = { current: -Infinity, partitions: [] },
): Watermarks => {
  const inputs = options.inputs ?? createInputs(options);
  const own = new Set<number>();
  let last = Number.NaN;
  let current = from.current;
  const note = (partition: number): void => {
    last = partition;
    own.add(partition);
  };
  for (const [partition, watermark] of from.partitions) {
    note(partition);
    inputs.restore(partition, watermark);
  }
  const look = (): number => {
    const combined = inputs.combined();
    if (combined > current) current = combined;
    return current;
  };
  look();
  return {
    current: look,
    observe: (partition, at) => {
      if (partition !== last) note(partition);
      inputs.observe(partition, at);
      look();
    },
    advance: (partition, watermark) => {
      note(partition);
      inputs.advance(partition, watermark);
      look();
    },
    assign: (partitions) => {
      for (const partition of partitions) own.add(partition);
      inputs.assign(partitions);
      look();
    },
    elapse: (now) => {
      inputs.elapse(now);
      look();
    },
    snapshot: () => ({ current, partitions: inputs.all().filter(([partition]) => own.has(partition)) }),
  };
};

/**
 * How far event time has come, over all partitions: a watermark of t promises no more events with a timestamp ≤ t.
 * Of a partition it is the largest timestamp seen − `maxOutOfOrdernessMs`; of all, the smallest of those that are not
 * idle, or the largest where all are idle, as Flink has it. It never goes back.
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
  snapshot(): WatermarksSnapshot;
}

export interface WatermarksSnapshot {
  readonly current: number;
  readonly partitions: readonly (readonly [partition: number, watermark: number])[];
}

export interface WatermarkOptions {
  readonly maxOutOfOrdernessMs: number;
  /** Absent: a silent partition holds back the others for ever. */
  readonly idleTimeoutMs?: number | undefined;
}

interface Input {
  readonly partition: number;
  watermark: number;
  idle: boolean;
  /** Something came since the last `elapse`. */
  heard: boolean;
  /** Wall time of the `elapse` after which nothing more came. */
  since: number | undefined;
}

const openInput = (partition: number, watermark = -Infinity): Input => ({
  partition,
  watermark,
  idle: false,
  heard: false,
  since: undefined,
});

/** Called for nearly every event, so it makes no arrays. */
const combine = (inputs: readonly Input[]): number => {
  let [least, most] = [Infinity, -Infinity];
  for (const { idle, watermark } of inputs) {
    if (!idle && watermark < least) least = watermark;
    if (watermark > most) most = watermark;
  }
  return least === Infinity ? most : least;
};

export const createWatermarks = (
  { maxOutOfOrdernessMs, idleTimeoutMs }: WatermarkOptions,
  from: WatermarksSnapshot = { current: -Infinity, partitions: [] },
): Watermarks => {
  let current = from.current;
  let inputs: Input[] = from.partitions.map(([partition, watermark]) => openInput(partition, watermark));
  let byPartition: Input[] = [];

  const index = (): void => {
    byPartition = [];
    for (const input of inputs) byPartition[input.partition] = input;
  };
  const refresh = (): void => {
    if (inputs.length > 0) current = Math.max(current, combine(inputs));
  };
  const add = (partition: number): Input => {
    const input = openInput(partition);
    inputs.push(input);
    byPartition[partition] = input;
    return input;
  };
  const advance = (partition: number, watermark: number): void => {
    const input = byPartition[partition] ?? add(partition);
    input.heard = true;
    const [before, wasIdle] = [input.watermark, input.idle];
    input.idle = false;
    if (watermark > before) input.watermark = watermark;
    // Only the partition that held back the others can move the whole.
    if (before <= current || wasIdle) refresh();
  };
  index();
  return {
    current: () => current,
    observe: (partition, at) => {
      const input = byPartition[partition];
      if (input !== undefined && !input.idle && at - maxOutOfOrdernessMs <= input.watermark) input.heard = true;
      else advance(partition, at - maxOutOfOrdernessMs);
    },
    advance,
    assign: (partitions) => {
      inputs = partitions.map((partition) => byPartition[partition] ?? openInput(partition));
      index();
      refresh();
    },
    elapse: (now) => {
      if (idleTimeoutMs === undefined) return;
      for (const input of inputs) {
        if (input.heard || input.since === undefined) input.since = now;
        else if (now - input.since >= idleTimeoutMs) input.idle = true;
        input.heard = false;
      }
      refresh();
    },
    snapshot: () => ({ current, partitions: inputs.map(({ partition, watermark }) => [partition, watermark]) }),
  };
};

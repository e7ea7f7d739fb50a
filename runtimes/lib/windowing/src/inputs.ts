export interface InputOptions {
  readonly maxOutOfOrdernessMs: number;
  /** Absent: a silent partition holds back the others for ever. */
  readonly idleTimeoutMs?: number | undefined;
}

/**
 * The watermarks of partitions, and what they come to together. Unlike that of a windower this goes back when a
 * partition joins that is behind: the windower of that partition must not call its events late.
 */
export interface Inputs {
  /** The smallest that is not idle; the largest where all are idle; −Infinity where there are none. */
  combined(): number;
  observe(partition: number, at: number): void;
  advance(partition: number, watermark: number): void;
  /** What was known of the partition when it was saved: it has not spoken since. */
  restore(partition: number, watermark: number): void;
  assign(partitions: readonly number[]): void;
  /** Wall time, ms. Once more with the same time changes nothing. */
  elapse(now: number): void;
  /** The partition is silent, as somebody else knows; until it is heard again. */
  rest(partition: number): void;
  /** Whether no partition speaks. */
  areIdle(): boolean;
  all(): readonly (readonly [partition: number, watermark: number])[];
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

export const createInputs = ({ maxOutOfOrdernessMs, idleTimeoutMs }: InputOptions): Inputs => {
  let combined = -Infinity;
  let inputs: Input[] = [];
  let byPartition: Input[] = [];

  const refresh = (): void => {
    combined = combine(inputs);
  };
  const inputOf = (partition: number): Input => {
    const known = byPartition[partition];
    if (known !== undefined) return known;
    const input = openInput(partition);
    inputs.push(input);
    byPartition[partition] = input;
    return input;
  };
  const advance = (partition: number, watermark: number): void => {
    const input = byPartition[partition] ?? inputOf(partition);
    input.heard = true;
    const [before, wasIdle] = [input.watermark, input.idle];
    input.idle = false;
    if (watermark > before) input.watermark = watermark;
    // Only the partition that held back the others can move the whole.
    if (before <= combined || wasIdle) refresh();
  };
  return {
    combined: () => combined,
    observe: (partition, at) => {
      const input = byPartition[partition];
      if (input !== undefined && !input.idle && at - maxOutOfOrdernessMs <= input.watermark) input.heard = true;
      else advance(partition, at - maxOutOfOrdernessMs);
    },
    advance,
    restore: (partition, watermark) => {
      const input = inputOf(partition);
      input.watermark = Math.max(input.watermark, watermark);
      refresh();
    },
    assign: (partitions) => {
      inputs = partitions.map((partition) => byPartition[partition] ?? openInput(partition));
      byPartition = [];
      for (const input of inputs) byPartition[input.partition] = input;
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
    rest: (partition) => {
      inputOf(partition).idle = true;
      refresh();
    },
    areIdle: () => inputs.every(({ idle }) => idle),
    all: () => inputs.map(({ partition, watermark }) => [partition, watermark]),
  };
};

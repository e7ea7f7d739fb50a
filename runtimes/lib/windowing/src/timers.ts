import { grown } from './grown.ts';

/** Things that are due at a time; of equal times, what was added first comes first. */
export interface Timers {
  add(time: number, id: number): void;
  /** The earliest time, or Infinity. */
  next(): number;
  /** Takes the earliest: answers its id. Call only where `next` is a time. */
  take(): number;
  size(): number;
  /** All that wait, in the order in which they would be taken. */
  all(): readonly (readonly [time: number, id: number])[];
}

/** A binary heap. Nothing can be taken back: whoever adds a thing anew must know which of its times counts. */
export const createTimers = (): Timers => {
  let times = new Float64Array(64);
  let ids = new Int32Array(64);
  /** In what order they were added. */
  let turns = new Float64Array(64);
  let [length, turn] = [0, 0];

  const isBefore = (a: number, b: number): boolean =>
    times[a]! < times[b]! || (times[a]! === times[b]! && turns[a]! < turns[b]!);
  const swap = (a: number, b: number): void => {
    const [time, id, added] = [times[a]!, ids[a]!, turns[a]!];
    times[a] = times[b]!;
    ids[a] = ids[b]!;
    turns[a] = turns[b]!;
    times[b] = time;
    ids[b] = id;
    turns[b] = added;
  };
  const sink = (from: number): void => {
    let at = from;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= length) return;
      const least = left + 1 < length && isBefore(left + 1, left) ? left + 1 : left;
      if (!isBefore(least, at)) return;
      swap(least, at);
      at = least;
    }
  };
  return {
    add: (time, id) => {
      if (length === times.length) {
        times = grown(times, length * 2);
        ids = grown(ids, length * 2);
        turns = grown(turns, length * 2);
      }
      times[length] = time;
      ids[length] = id;
      turns[length] = turn++;
      for (let at = length++; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next: () => (length === 0 ? Infinity : times[0]!),
    take: () => {
      const id = ids[0]!;
      length--;
      if (length > 0) {
        swap(0, length);
        sink(0);
      }
      return id;
    },
    size: () => length,
    all: () =>
      Array.from({ length }, (_, i) => i)
        .sort((a, b) => (isBefore(a, b) ? -1 : 1))
        .map((i) => [times[i]!, ids[i]!] as const),
  };
};

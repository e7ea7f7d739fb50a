import { createWindower } from '@groundswell/windowing';
import { createEventScanner, decodeEvent, endOfTime, type SocialEvent } from '@groundswell/wire';
import { readLines } from './events.ts';
import { type Query, slicesOf } from './queries.ts';

export interface Timing {
  readonly seconds: number;
  /** Of all threads of this process. */
  readonly cpuSeconds: number;
  readonly results: number;
  readonly lateShare: number;
}

/** Records of one cycle, as the window program takes them. */
const perCycle = 2_000;

/** Begins a measurement, which the answered function ends. */
export const startTiming = () => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return (): Pick<Timing, 'seconds' | 'cpuSeconds'> => {
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  };
};

const timed = (work: () => Pick<Timing, 'results' | 'lateShare'>): Timing => {
  const end = startTiming();
  const done = work();
  return { ...done, ...end() };
};

/** Reading and decoding whole events, as one that looks at all of them does. */
export const timeDecoding = (path: string, events: number): Timing =>
  timed(() => {
    let newest = 0;
    readLines(path, events, (line) => {
      newest = Math.max(newest, decodeEvent(line).at);
    });
    return { results: newest === 0 ? 0 : 1, lateShare: 0 };
  });

/** From the bytes of a file to results, which are counted and dropped. The end of the file ends time. */
export const timeFile = ({ options, fields }: Query, path: string, events: number, saveEveryMs = Infinity): Timing =>
  timed(() => {
    const run = startRun(options, saveEveryMs);
    const eventOf = createEventScanner(fields);
    readLines(path, events, (value) => run.take(eventOf({ value }) as SocialEvent));
    return run.end();
  });

/** The window alone, on events that are decoded already. */
export const timeEvents = ({ options }: Query, events: readonly SocialEvent[]): Timing =>
  timed(() => {
    const run = startRun(options);
    for (const event of events) run.take(event);
    return run.end();
  });

/** A windower whose results are counted and dropped. */
export const startRun = (options: Query['options'], saveEveryMs = Infinity) => {
  const windower = createWindower(options);
  let [results, taken, savedAt, savedAll] = [0, 0, performance.now(), false];
  const save = (): void => {
    if (performance.now() - savedAt < saveEveryMs) return;
    if (savedAll) windower.changes();
    else windower.snapshot();
    [savedAt, savedAll] = [performance.now(), true];
  };
  const fire = (): void => {
    for (let some = windower.fire(20_000); some.length > 0; some = windower.fire(20_000)) results += some.length;
  };
  return {
    take: (event: SocialEvent): void => {
      windower.accept(0, event);
      if (++taken % perCycle !== 0) return;
      fire();
      save();
    },
    end: () => {
      windower.advance(0, endOfTime);
      fire();
      const late = windower.ledger().get(0)?.late ?? 0;
      return { results, lateShare: late / taken };
    },
  };
};

/** Milliseconds of one firing in which `changing` of `keys` keys change, for each of `rounds` firings. */
export const timeFirings = (query: Query, keys: number, changing: number, rounds: number) => {
  const { everyMs } = slicesOf(query);
  const windower = createWindower(query.options);
  const event = (i: number, at: number): SocialEvent => ({
    ...{ id: '', type: 'like', at, ingested_at: 0, source: 'bench', post_id: '', user_id: `u${i}`, author_id: '' },
  });
  let [round, at] = [0, 0];
  // Two panes for every key, so that a change finds the same everywhere.
  for (let pane = 0; pane < 2; pane++) {
    for (let i = 0; i < keys; i++) windower.accept(0, event(i, at));
    at += everyMs;
    windower.advance(0, at);
    windower.fire();
  }
  return {
    more: () => round < rounds,
    next: (): number => {
      // Other keys each time, spread over all.
      for (let i = 0; i < changing; i++) windower.accept(0, event((i * (keys / changing) + round) % keys, at));
      at += everyMs;
      round++;
      windower.advance(0, at);
      const start = performance.now();
      const fired = windower.fire().length;
      const ms = performance.now() - start;
      if (fired < changing) throw new Error(`Cannot time a firing: ${fired} keys changed, ${changing} should have`);
      return ms;
    },
  };
};

import { setTimeout as wait } from 'node:timers/promises';
import type { WindowProgram } from '@groundswell/graph';
import { type Pod, type PodsOptions, startPod } from '../stores/path/pods.ts';

/** How long a pod that ended stays away, ms: one that was killed, and one that ended by itself. */
const [backoffMs, crashBackoffMs] = [300, 2_000];

/** A kubelet waits so long for a pod to drain before it kills it. */
const graceMs = 30_000;

const drain = async (pod: Pod | undefined): Promise<number | null> => {
  const timer = setTimeout(() => pod?.signal('SIGKILL'), graceMs);
  const code = await pod?.terminate();
  clearTimeout(timer);
  return code ?? null;
};

const lastError = async (pod: Pod): Promise<string> =>
  /\w*Error: .*/.exec(await pod.describe())?.[0] ?? 'it said nothing';

/** Workers of one window, each started again when it ends by itself or is killed, as a kubelet does it. */
export interface Fleet {
  readonly program: WindowProgram;
  pods(): readonly Pod[];
  /** Starts, or drains by SIGTERM, until there are so many. Answers the exit codes of those that were drained. */
  scale(count: number): Promise<readonly (number | null)[]>;
  /** kill -9. */
  kill(which: number): void;
  /** SIGSTOP, and SIGCONT after so long. */
  pause(which: number, ms: number): Promise<void>;
  /** How often a worker ended by itself, which it may when the broker or the store is gone. */
  ended(): number;
  close(): Promise<void>;
}

interface Place {
  pod: Pod | undefined;
  isWanted: boolean;
}

/** @param optionsOf of a worker, by its number from 0 on */
export const createFleet = (program: WindowProgram, optionsOf: (place: number) => PodsOptions): Fleet => {
  let places: Place[] = [];
  let ended = 0;

  const supervise = async (place: Place, options: PodsOptions): Promise<void> => {
    while (place.isWanted) {
      place.pod = await startPod(program, options);
      const signal = await place.pod.exited;
      const isKilled = signal === 'SIGKILL';
      if (place.isWanted && !isKilled) {
        ended++;
        process.stderr.write(`${program.name} ended with ${signal}: ${await lastError(place.pod)}\n`);
      }
      await wait(isKilled ? backoffMs : crashBackoffMs);
    }
  };
  const open = (options: PodsOptions): Place => {
    const place: Place = { pod: undefined, isWanted: true };
    void supervise(place, options);
    return place;
  };
  const podAt = (which: number): Pod | undefined => places[which % places.length]?.pod;
  return {
    program,
    pods: () => places.flatMap(({ pod }) => (pod === undefined ? [] : [pod])),
    scale: async (count) => {
      while (places.length < count) places.push(open(optionsOf(places.length)));
      const superfluous = places.slice(count);
      places = places.slice(0, count);
      for (const place of superfluous) place.isWanted = false;
      return Promise.all(superfluous.map(({ pod }) => drain(pod)));
    },
    kill: (which) => podAt(which)?.signal('SIGKILL'),
    pause: async (which, ms) => {
      const pod = podAt(which);
      pod?.signal('SIGSTOP');
      await wait(ms);
      pod?.signal('SIGCONT');
    },
    ended: () => ended,
    close: async () => {
      for (const place of places) place.isWanted = false;
      await Promise.all(places.map(({ pod }) => pod?.kill()));
    },
  };
};

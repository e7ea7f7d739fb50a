import type { Goal } from './goal.ts';
import type { Load } from './load.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A pod without a partition has nothing to do. */
export const boundsOf = ({ partitions }: Load, { min, max }: Goal): Bounds => {
  const most = partitions.length === 0 ? max : Math.min(max, partitions.length);
  return { min: Math.min(min, most), max: most };
};

/** From asking for a pod to its first record, ms. */
export const startMs = 20_000;
/** How long a backlog may take to go, once the pods are there, ms. */
const drainMs = 33_000;

export interface Need {
  readonly pods: number;
  /** Enough for what comes, with the planned utilization, backlog or not. */
  readonly steady: number;
  /** Enough also for a little more than comes: who shrinks to fewer has to grow again at once. */
  readonly roomy: number;
  /** Records that are older than the goal allows, or will be. */
  readonly backlog: number;
}

/** Records that wait for work; undefined when any partition is not known. What is stuck waits for a person. */
const waitingIn = ({ partitions }: Load): number | undefined => {
  const moving = partitions.filter(({ stuck }) => !stuck);
  if (moving.some(({ lag }) => lag === undefined)) return undefined;
  return moving.reduce((sum, { lag = 0 }) => sum + lag, 0);
};

/**
 * Pods such that the one with the most partitions gets no more than `perPod` records a second. Partitions are not divided, so of 24
 * partitions 22 pods do no more than 12.
 */
const podsFor = (
  rate: number,
  perPod: number,
  { load, bounds }: { readonly load: Load; readonly bounds: Bounds },
): number => {
  const count = Math.max(1, load.partitions.length);
  for (let pods = 1; pods < bounds.max; pods++) if ((Math.ceil(count / pods) / count) * rate <= perPod) return pods;
  return bounds.max;
};

/** What may come more before fewer pods are too few. */
const room = 1.2;

/** How many pods the load needs, whatever there are now; undefined when that is not known. */
export const needOf = (load: Load, goal: Goal): Need | undefined => {
  const bounds = boundsOf(load, goal);
  const waiting = waitingIn(load);
  const { arrivals, serviceMs } = load;
  if (waiting === undefined || arrivals === undefined) return undefined;
  if (waiting === 0 && arrivals === 0) return { pods: bounds.min, steady: bounds.min, roomy: bounds.min, backlog: 0 };
  const least = Math.max(1, bounds.min);
  // Nothing was ever worked on: one pod will show how long a record takes.
  if (serviceMs === undefined)
    return load.replicas === 0 ? { pods: least, steady: least, roomy: least, backlog: waiting } : undefined;
  const full = 1_000 / Math.max(serviceMs, 1e-6);
  const planned = (rate: number) => Math.max(least, podsFor(rate, full * goal.utilization, { load, bounds }));
  const [steady, roomy] = [planned(arrivals), planned(arrivals * room)];
  const old = waiting - arrivals * (goal.freshnessMs / 1_000);
  if (old <= 0) return { pods: steady, steady, roomy, backlog: 0 };
  // Until new pods work, what the others cannot take is added to it.
  const growing = Math.max(0, arrivals - load.ready * full);
  const backlog = old + growing * (startMs / 1_000);
  const pods = podsFor(arrivals + backlog / (drainMs / 1_000), full, { load, bounds });
  return { pods: Math.max(steady, pods), steady, roomy: Math.max(roomy, pods), backlog };
};

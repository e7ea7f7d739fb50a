import { type Decision, decide, noMemory } from './decide.ts';
import type { Goal } from './goal.ts';

export interface Simulation {
  readonly goal: Goal;
  readonly partitions: number;
  readonly serviceMs: number;
  readonly startMs: number;
  /** Records that come in a second, at a time in seconds. */
  readonly arrivals: (second: number) => number;
  readonly seconds: number;
  /** Seconds between looks. */
  readonly every: number;
  /** Share by which what is measured is off, at most. */
  readonly noise?: (second: number) => number;
  /** In place of the decisions: a number of pods from a second on. */
  readonly fixed?: { readonly from: number; readonly pods: number };
  readonly first?: number;
}

export interface Trace {
  readonly second: number;
  readonly pods: number;
  /** Age of the oldest record that waits, s. */
  readonly age: number;
  readonly backlog: number;
  readonly decision: Decision | undefined;
}

/** Pods that take whole partitions, each record for `serviceMs`; they begin `startMs` after they were asked for. */
export const simulate = (simulation: Simulation): readonly Trace[] => {
  const { goal, partitions, serviceMs, startMs, arrivals, every, fixed, noise = () => 0 } = simulation;
  const backlog = new Array<number>(partitions).fill(0);
  const starting: number[] = [];
  let memory = noMemory;
  let ready = simulation.first ?? goal.min;
  let wanted = ready;
  const traces: Trace[] = [];
  const ask = (pods: number, now: number): void => {
    if (pods > wanted) for (let i = wanted; i < pods; i++) starting.push(now + startMs / 1_000);
    // Those that start go first.
    for (let i = wanted; i > pods; i--) if (starting.pop() === undefined) ready -= 1;
    wanted = pods;
  };
  for (let second = 0; second < simulation.seconds; second++) {
    while (starting[0] !== undefined && starting[0] <= second) {
      starting.shift();
      ready += 1;
    }
    const rate = arrivals(second);
    for (let p = 0; p < partitions; p++) backlog[p] = (backlog[p] ?? 0) + rate / partitions;
    for (let pod = 0; pod < ready; pod++) {
      const own = backlog.map((_, p) => p).filter((p) => p % ready === pod);
      let budget = 1_000 / serviceMs;
      for (const p of own.sort((a, b) => (backlog[b] ?? 0) - (backlog[a] ?? 0))) {
        const done = Math.min(budget, backlog[p] ?? 0);
        backlog[p] = (backlog[p] ?? 0) - done;
        budget -= done;
      }
    }
    const total = backlog.reduce((sum, one) => sum + one, 0);
    let decision: Decision | undefined;
    if (fixed !== undefined) {
      if (second === fixed.from) ask(fixed.pods, second);
    } else if (second % every === 0) {
      const off = 1 + noise(second);
      const load = {
        at: second * 1_000,
        replicas: wanted,
        ready,
        arrivals: rate * off,
        partitions: backlog.map((lag, partition) => ({ partition, lag: Math.round(lag), stuck: false })),
        serviceMs: serviceMs * off,
      };
      ({ decision, memory } = decide(load, goal, memory));
      ask(decision.to, second);
    }
    traces.push({ second, pods: wanted, age: ageOf(total, second, arrivals), backlog: total, decision });
  }
  return traces;
};

/** How long ago the oldest of so many records came. */
const ageOf = (total: number, second: number, arrivals: Simulation['arrivals']): number => {
  let rest = total;
  for (let back = 0; back <= second; back++) {
    const rate = arrivals(second - back);
    if (rest <= rate) return rate === 0 ? back : back + rest / rate;
    rest -= rate;
  }
  return second;
};

import type { Goal } from './goal.ts';
import type { Load } from './load.ts';
import { type Bounds, boundsOf, type Need, needOf, startMs } from './need.ts';

type ScalingReason =
  | 'Steady'
  | 'MoreArrivals'
  | 'Backlog'
  | 'FewerArrivals'
  | 'Idle'
  | 'Stabilizing'
  | 'PodsStarting'
  | 'Unknown'
  | 'OutOfBounds';

export interface Decision {
  readonly from: number;
  readonly to: number;
  readonly reason: ScalingReason;
  /** The inputs, and what was made of them. */
  readonly message: string;
}

/** What is remembered between looks. Where it is lost, scaling down waits once more. */
export interface Memory {
  /** Since when needs are known. */
  readonly since: number | undefined;
  readonly needs: readonly { readonly at: number; readonly pods: number; readonly roomy: number }[];
  /** When more pods were asked for, the last time. */
  readonly grownAt: number | undefined;
  readonly shrunkAt: number | undefined;
  /** Times `down.stabilizationMs` that a smaller need must last: more after each time that it was soon too little. */
  readonly patience: number;
}

export const noMemory: Memory = {
  since: undefined,
  needs: [],
  grownAt: undefined,
  shrunkAt: undefined,
  patience: 1,
};

/** Longest time that a smaller need must last, whatever happened before. */
const longestMs = 3_600_000;

/**
 * Decides how many pods there should be: enough for what comes, and to work off what lies there, so that records are done within the
 * goal. Grows at once, shrinks when fewer were enough for a while, and never beyond the partitions that there are to share. What is not
 * known changes nothing.
 */
export const decide = (
  load: Load,
  goal: Goal,
  memory: Memory,
): { readonly decision: Decision; readonly memory: Memory } => {
  const bounds = boundsOf(load, goal);
  const need = needOf(load, goal);
  const kept = remembered(memory, { load, goal, need });
  const { to, reason } = choose({ load, goal, bounds, need, memory: kept });
  const decision = { from: load.replicas, to, reason, message: messageOf(load, goal, { bounds, need }) };
  return { decision, memory: moved(kept, decision, { load, goal }) };
};

/** Who grows soon after shrinking had shrunk too early, and waits longer the next time. */
const moved = (
  memory: Memory,
  { from, to }: Decision,
  { load, goal }: { readonly load: Load; readonly goal: Goal },
): Memory => {
  const { at } = load;
  if (to < from) return { ...memory, shrunkAt: at };
  if (to === from) return memory;
  const { shrunkAt = -Infinity, patience } = memory;
  const isRegret = at - shrunkAt < 4 * patienceMs(memory, goal);
  return { ...memory, grownAt: at, shrunkAt: undefined, patience: isRegret ? patience * 4 : patience };
};

const patienceMs = ({ patience }: Memory, { down }: Goal): number =>
  Math.min(longestMs, down.stabilizationMs * patience);

const remembered = (
  memory: Memory,
  { load, goal, need }: { readonly load: Load; readonly goal: Goal; readonly need: Need | undefined },
): Memory => {
  const span = Math.max(patienceMs(memory, goal), goal.up.stabilizationMs);
  const recent = memory.needs.filter(({ at }) => load.at - at <= span);
  if (need === undefined) return { ...memory, needs: recent };
  const { pods, roomy } = need;
  return { ...memory, since: memory.since ?? load.at, needs: [...recent, { at: load.at, pods, roomy }] };
};

interface Choice {
  readonly load: Load;
  readonly goal: Goal;
  readonly bounds: Bounds;
  readonly need: Need | undefined;
  readonly memory: Memory;
}

type Chosen = Pick<Decision, 'to' | 'reason'>;

const choose = (choice: Choice): Chosen => {
  const { load, bounds, need } = choice;
  const from = load.replicas;
  const inside = Math.min(bounds.max, Math.max(bounds.min, from));
  if (inside !== from) return { to: inside, reason: 'OutOfBounds' };
  if (need === undefined) return { to: from, reason: 'Unknown' };
  if (need.pods > from) return grow(need, choice);
  return need.pods < from ? shrink(choice) : { to: from, reason: 'Steady' };
};

const during = ({ load, memory }: Choice, spanMs: number): Memory['needs'] =>
  memory.needs.filter(({ at }) => load.at - at <= spanMs);

const isKnownFor = ({ load, memory }: Choice, spanMs: number): boolean =>
  memory.since !== undefined && load.at - memory.since >= spanMs;

const grow = (need: Need, choice: Choice): Chosen => {
  const { load, goal, memory } = choice;
  const from = load.replicas;
  const { stabilizationMs, maxStep = Infinity } = goal.up;
  if (!isKnownFor(choice, stabilizationMs)) return { to: from, reason: 'Stabilizing' };
  // Pods that are on their way were counted with; only more arrivals are news.
  const isStarting = load.ready < from && memory.grownAt !== undefined && load.at - memory.grownAt < 2 * startMs;
  const lasting = Math.min(...during(choice, stabilizationMs).map(({ pods }) => pods));
  const wanted = Math.min(isStarting ? need.steady : need.pods, lasting);
  if (wanted <= from) return { to: from, reason: isStarting ? 'PodsStarting' : 'Stabilizing' };
  return { to: Math.min(wanted, from + maxStep), reason: need.steady > from ? 'MoreArrivals' : 'Backlog' };
};

const shrink = (choice: Choice): Chosen => {
  const { load, goal } = choice;
  const from = load.replicas;
  const { maxStep = Infinity } = goal.down;
  const waitMs = patienceMs(choice.memory, goal);
  const highest = Math.max(...during(choice, waitMs).map(({ roomy }) => roomy));
  if (!isKnownFor(choice, waitMs) || highest >= from) return { to: from, reason: 'Stabilizing' };
  return { to: Math.max(highest, from - maxStep), reason: load.arrivals === 0 ? 'Idle' : 'FewerArrivals' };
};

const shown = (value: number | undefined, unit: string): string =>
  value === undefined ? 'unknown' : `${Number(value.toPrecision(3))}${unit}`;

const messageOf = (
  { arrivals, serviceMs, partitions, replicas, ready }: Load,
  { freshnessMs, utilization }: Goal,
  { bounds, need }: Pick<Choice, 'bounds' | 'need'>,
): string => {
  const isKnown = partitions.every(({ lag }) => lag !== undefined);
  const lag = isKnown ? partitions.reduce((sum, one) => sum + (one.lag ?? 0), 0) : undefined;
  const stuck = partitions.filter((one) => one.stuck).map(({ partition }) => partition);
  return [
    `${shown(arrivals, '/s')} come`,
    `${shown(lag, '')} wait in ${partitions.length} partitions`,
    ...(stuck.length > 0 ? [`partition ${stuck.join(', ')} does not move and is left out`] : []),
    `a record takes ${shown(serviceMs, ' ms')}`,
    `the goal is ${freshnessMs} ms at ${Math.round(utilization * 100)} %`,
    need === undefined ? 'the need is unknown' : `${need.steady} pods for what comes, ${need.pods} with the backlog`,
    `${ready} of ${replicas} are ready, ${bounds.min} to ${bounds.max} are allowed`,
  ].join(', ');
};

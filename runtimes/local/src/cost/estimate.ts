import type { Assumptions, NodePrice } from './assumptions.ts';

/** The load that is asked about; means over a month. */
export interface Load {
  readonly postsPerHour: number;
  readonly eventsPerPost: number;
  readonly eventBytes: number;
  readonly windows: number;
  readonly models: number;
  /** Ages times variants. */
  readonly scoresPerPost: number;
  readonly requestsPerSecond: number;
  /** How long events are kept, ms. */
  readonly retentionMs: number;
  /** How long results of a post are kept, ms. */
  readonly resultsMs: number;
}

/** What one part needs: over all of its pods. */
interface PartNeed {
  readonly part: string;
  readonly pods: number;
  readonly cores: number;
  readonly gib: number;
  readonly diskGb: number;
  /** Where it runs. What keeps data is never on a spot node. */
  readonly on: keyof Estimate['nodes'];
}

export interface Estimate {
  readonly parts: readonly PartNeed[];
  readonly nodes: { readonly programs: number; readonly kafka: number; readonly redis: number };
  /** US dollars a month. */
  readonly onDemand: number;
  readonly spot: number;
  /** What is paid whatever the nodes are: control plane, load balancer, disks, traffic between zones. */
  readonly fixed: { readonly cluster: number; readonly disks: number; readonly zones: number };
  readonly dollarsPerMillionPosts: { readonly onDemand: number; readonly spot: number };
}

export const hoursPerMonth = 730;
const gib = 2 ** 30;
const gb = 1e9;

/** What pods ask for at least, in cores and GiB, as the operator gives it. */
const least = {
  ingest: { cores: 0.1, gib: 0.25 },
  window: { cores: 0.25, gib: 0.5 },
  scorer: { cores: 0.25, gib: 0.5 },
  api: { cores: 0.1, gib: 0.25 },
  other: { cores: 0.1, gib: 0.25 },
  kafka: { cores: 0.5, gib: 2 },
  redis: { cores: 0.25, gib: 1 },
} as const;

interface Wanted {
  readonly part: string;
  readonly kind: keyof typeof least;
  /** At the peak, of which a core does one in a second. */
  readonly cores: number;
  readonly pods?: number;
  readonly gib?: number;
  readonly diskGb?: number;
}

const needOf = (
  { part, kind, cores, pods = 1, gib: memory = 0, diskGb = 0 }: Wanted,
  utilization: number,
): PartNeed => ({
  part,
  pods,
  cores: Math.max(cores / utilization, least[kind].cores * pods),
  gib: Math.max(memory, least[kind].gib * pods),
  diskGb,
  on: kind === 'kafka' || kind === 'redis' ? kind : 'programs',
});

/** What each part needs for the load, from what a core was measured to do. */
const partsOf = (load: Load, { capacity, habits }: Assumptions): readonly PartNeed[] => {
  const posts = load.postsPerHour / 3_600;
  const events = posts * load.eventsPerPost;
  const scores = posts * load.scoresPerPost * load.models;
  const written = events * load.eventBytes + scores * load.eventBytes;
  // Sources write once; windows and scorers each read all of it.
  const moved = written + events * load.eventBytes * (load.windows + load.models);
  const commands = events * load.windows + scores * 3;
  const kept = posts * (load.resultsMs / 1_000);
  const { peak, utilization, brokers, redisNodes, postBytes } = habits;
  const wanted: readonly Wanted[] = [
    { part: 'ingest', kind: 'ingest', cores: (peak * events) / capacity.ingestEvents },
    {
      part: 'windows',
      kind: 'window',
      pods: load.windows,
      cores: (peak * events * load.windows) / capacity.windowEvents,
    },
    { part: 'scorers', kind: 'scorer', pods: load.models, cores: (peak * scores) / capacity.scorerRows },
    { part: 'api', kind: 'api', pods: 2, cores: (peak * load.requestsPerSecond) / capacity.apiRequests },
    { part: 'alerts, rollouts, operator', kind: 'other', pods: 4, cores: 0 },
    {
      ...{
        part: 'kafka',
        kind: 'kafka',
        pods: brokers,
        cores: (peak * moved * brokers) / 1e6 / capacity.kafkaMegabytes,
      },
      diskGb: ((written * load.retentionMs) / 1_000 / gb) * brokers,
    },
    {
      ...{ part: 'redis', kind: 'redis', pods: redisNodes, cores: (peak * commands) / capacity.redisCommands },
      gib: (kept * postBytes * redisNodes) / gib,
    },
  ];
  return wanted.filter(({ pods = 1 }) => pods > 0).map((each) => needOf(each, utilization));
};

const sumOf = (parts: readonly PartNeed[], what: 'cores' | 'gib' | 'diskGb'): number =>
  parts.reduce((sum, part) => sum + part[what], 0);

/** Nodes that hold the parts: by cores or by memory, whichever needs more. */
const nodesFor = (
  parts: readonly PartNeed[],
  node: NodePrice,
  { atLeast, room }: { atLeast: number; room: number },
): number => {
  const byCores = sumOf(parts, 'cores') / (node.cores * room);
  const byMemory = sumOf(parts, 'gib') / (node.gib * room);
  return Math.max(atLeast, Math.ceil(Math.max(byCores, byMemory)));
};

/** What the load costs in a month. More load never costs less. */
export const estimate = (load: Load, assumptions: Assumptions): Estimate => {
  const { prices, habits } = assumptions;
  const parts = partsOf(load, assumptions);
  const room = 1 - habits.nodeOverhead;
  const nodesOf = (on: PartNeed['on'], node: NodePrice, atLeast: number): number =>
    nodesFor(
      parts.filter((part) => part.on === on),
      node,
      { atLeast, room },
    );
  const nodes = {
    programs: nodesOf('programs', prices.node, 2),
    kafka: nodesOf('kafka', prices.node, habits.brokers),
    redis: nodesOf('redis', prices.memoryNode, habits.redisNodes),
  };
  const bytes = (load.postsPerHour / 3_600) * load.eventsPerPost * load.eventBytes * hoursPerMonth * 3_600;
  // Each record goes to the other brokers, and most readers are in another zone.
  const crossings = habits.brokers - 1 + load.windows + load.models;
  const fixed = {
    cluster: (prices.clusterHour + prices.loadBalancerHour) * hoursPerMonth,
    disks: sumOf(parts, 'diskGb') * prices.diskGbMonth,
    zones: (bytes / gb) * crossings * prices.zoneGb,
  };
  const kept = (nodes.kafka * prices.node.hour + nodes.redis * prices.memoryNode.hour) * hoursPerMonth;
  const always = fixed.cluster + fixed.disks + fixed.zones + kept;
  const ofPrograms = nodes.programs * prices.node.hour * hoursPerMonth;
  const onDemand = always + ofPrograms;
  const spot = always + ofPrograms * prices.spotShare;
  const millions = (load.postsPerHour * hoursPerMonth) / 1e6;
  return {
    parts,
    nodes,
    onDemand,
    spot,
    fixed,
    dollarsPerMillionPosts: { onDemand: onDemand / millions, spot: spot / millions },
  };
};

import type { ProgramReport } from '@groundswell/process';
import type { PartitionLag } from '@groundswell/stores';
import type { PodReport } from '../plan/pod-report.ts';
import { measure } from '../report/measures.ts';
import type { Load, PartitionLoad } from './load.ts';

/** A partition as all pods together know it. */
interface Seen {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record that will be written. */
  readonly end: number;
  /** Offset behind what was taken, committed or not. */
  readonly taken: number;
  /** Records that nobody has taken. */
  readonly waiting: number;
}

/** One look at what lies before a program. */
export interface Look {
  /** Wall time, ms. */
  readonly at: number;
  readonly partitions: readonly Seen[];
}

type Reported = NonNullable<ProgramReport['inputs']>;

const idOf = ({ topic, partition }: Pick<Seen, 'topic' | 'partition'>): string => `${topic}/${partition}`;

type Part = Reported['partitions'][number];

/** Of the pod that is furthest, end and place are of one moment; what another saw later is not to be mixed in. */
const furthest = (parts: readonly Part[]): Pick<Seen, 'taken' | 'waiting'> => {
  const [owner] = parts.filter(({ taken }) => taken !== undefined).sort((a, b) => (b.taken ?? 0) - (a.taken ?? 0));
  const [one] = owner === undefined ? [...parts].sort((a, b) => b.committed - a.committed) : [owner];
  const taken = Math.max(one?.taken ?? 0, one?.committed ?? 0);
  return { taken, waiting: Math.max(0, (one?.end ?? 0) - taken) };
};

const seenOf = (parts: readonly Part[]): readonly Seen[] =>
  [...Map.groupBy(parts, idOf).values()]
    .flatMap((of): readonly Seen[] => {
      const [first] = of;
      if (first === undefined) return [];
      const { topic, partition } = first;
      return [{ topic, partition, end: Math.max(...of.map(({ end }) => end)), ...furthest(of) }];
    })
    .sort((a, b) => a.partition - b.partition);

/** What all pods together know; each sees all partitions, and of its own what it took. Undefined where none has told. */
export const lookOf = (reports: readonly PodReport[]): Look | undefined => {
  const told = reports.flatMap(({ current }) => current.inputs ?? []);
  if (told.length === 0) return undefined;
  return {
    at: Math.max(...told.map(({ at }) => at)),
    partitions: seenOf(told.flatMap(({ partitions }) => partitions)),
  };
};

/** What Kafka knows of a program without pods: what it has not committed waits. @param at  wall time, ms */
export const lookOfLags = (lags: readonly PartitionLag[], at: number): Look => ({
  at,
  partitions: lags.map(({ topic, partition, committed, end, lag }) => ({
    ...{ topic, partition, end: Number(end), waiting: Number(lag) },
    taken: Number(committed ?? end - lag),
  })),
});

/** How long a partition must stand still, with records in it, before it counts as stuck, ms. */
const stuckAfterMs = 60_000;

/** Where partitions are, and since when; by `topic/partition`. */
export type Places = ReadonlyMap<string, { readonly taken: number; readonly since: number }>;

export const placesOf = (before: Places, { at, partitions }: Look): Places =>
  new Map(
    partitions.map((one) => {
      const known = before.get(idOf(one));
      return [idOf(one), { taken: one.taken, since: known?.taken === one.taken ? known.since : at }];
    }),
  );

/** Records that were written to a topic in a second, between two looks. */
const arrivalsOf = (topic: string, now: Look, before: Look | undefined): number | undefined => {
  if (before === undefined || before.at >= now.at) return undefined;
  const written = ({ partitions }: Look) =>
    partitions.filter((one) => one.topic === topic).reduce((sum, { end }) => sum + end, 0);
  return Math.max(0, ((written(now) - written(before)) * 1_000) / (now.at - before.at));
};

interface Circumstances {
  /** The topic that the program reads. Where it sends on by key, what lies in the inner topic counts with the partition of its number. */
  readonly topic: string;
  readonly reports: readonly PodReport[];
  readonly replicas: number;
  readonly ready: number;
  readonly before: Look | undefined;
  readonly places: Places;
}

/** What one look says of the load of a program. */
export const loadOf = (look: Look, { topic, reports, replicas, ready, before, places }: Circumstances): Load => {
  const loads = new Map<number, PartitionLoad>();
  for (const one of look.partitions) {
    const { lag = 0, stuck = false } = loads.get(one.partition) ?? {};
    const since = places.get(idOf(one))?.since ?? look.at;
    const isStuck = ready > 0 && one.waiting > 0 && look.at - since >= stuckAfterMs;
    loads.set(one.partition, { partition: one.partition, lag: lag + one.waiting, stuck: stuck || isStuck });
  }
  return {
    at: look.at,
    replicas,
    ready,
    arrivals: arrivalsOf(topic, look, before),
    partitions: [...loads.values()],
    serviceMs: measure(reports).serviceMs,
  };
};

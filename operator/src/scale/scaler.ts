import type { PodReport } from '../plan/pod-report.ts';
import { type Decision, decide, type Memory, noMemory } from './decide.ts';
import type { Goal } from './goal.ts';
import { type Look, loadOf, lookOf, type Places, placesOf } from './load-of.ts';
import { goalAt } from './schedules.ts';

/** A program whose number of pods follows its load. */
export interface Scaled {
  readonly program: string;
  readonly goal: Goal;
  /** False: decisions are only told. */
  readonly acts: boolean;
  /** The topic that it reads, and the group that it reads it as. */
  readonly topic: string;
  readonly group: string;
  /** Pods that were asked for, and those that are ready. */
  readonly replicas: number;
  readonly ready: number;
}

/** The newest decision that said something new. */
export interface Scaling {
  readonly decision: Decision;
  /** Wall time, ms. */
  readonly decidedAt: number;
  readonly applied: boolean;
}

/** Follows the programs of all pipelines, and decides at each look at their reports. */
export interface Scaler {
  /** The programs of a pipeline as they are now; none: forgets it. */
  follow(key: string, scaled: readonly Scaled[]): void;
  /** @returns whether there is something new to apply or to tell */
  look(key: string, reports: readonly PodReport[]): boolean;
  /** Programs that may have no pods at all: what waits for them then, only Kafka knows. */
  sleepers(): readonly Sleeper[];
  /**
   * What Kafka says of a sleeper; undefined: it could not be asked. Who cannot be seen there is not put to sleep, and not left asleep.
   *
   * @returns whether there is something new to apply or to tell
   */
  lookAtLog(sleeper: Sleeper, look: Look | undefined): boolean;
  /** By program. */
  decisions(key: string): ReadonlyMap<string, Scaling>;
}

export interface Sleeper extends Pick<Scaled, 'program' | 'topic' | 'group'> {
  readonly key: string;
}

/** So long it counts that Kafka could be asked, ms. */
const seenForMs = 60_000;

interface Followed {
  readonly scaled: Scaled;
  readonly memory: Memory;
  readonly look: Look | undefined;
  readonly places: Places;
  /** The last that was known: while nothing comes, nothing can be measured. */
  readonly serviceMs: number | undefined;
  readonly scaling: Scaling | undefined;
  /** Since when it is followed, and when Kafka was asked last, wall time, ms. */
  readonly since: number;
  readonly seenAt: number | undefined;
}

const fresh = (scaled: Scaled, since: number): Followed => ({
  scaled,
  memory: noMemory,
  look: undefined,
  places: new Map(),
  serviceMs: undefined,
  scaling: undefined,
  since,
  seenAt: undefined,
});

const isAsleep = ({ scaled }: Followed): boolean => scaled.acts && scaled.replicas === 0;

/** The goal of now: without sight of Kafka nobody could be woken, so one pod stays. */
const goalOf = (followed: Followed, now: number): Goal => {
  const goal = goalAt(followed.scaled.goal, now);
  const { since, seenAt = isAsleep(followed) ? since : Number.NEGATIVE_INFINITY } = followed;
  return goal.min > 0 || now - seenAt < seenForMs ? goal : { ...goal, min: 1 };
};

/** Of decisions to leave all as it is, only that nothing is known, or that it is again. */
const isNews = (before: Scaling | undefined, { from, to, reason }: Decision, acts: boolean): boolean => {
  if (before === undefined) return true;
  const known = before.decision;
  if ((known.reason === 'Unknown') !== (reason === 'Unknown')) return true;
  return acts ? from !== to : to !== known.to;
};

interface Seen {
  readonly look: Look | undefined;
  readonly reports: readonly PodReport[];
}

/** What one more look leads to; the same where nobody has looked again. */
const next = (followed: Followed, { look, reports }: Seen, now: number): Followed => {
  const { scaled, memory, look: before, places: known } = followed;
  if (look === undefined || look.at === before?.at) return followed;
  const places = placesOf(known, look);
  const load = loadOf(look, { ...scaled, reports, before, places });
  const serviceMs = load.serviceMs ?? followed.serviceMs;
  const decided = decide({ ...load, serviceMs }, goalOf(followed, now), memory);
  const { decision } = decided;
  const scaling = isNews(followed.scaling, decision, scaled.acts)
    ? { decision, decidedAt: now, applied: scaled.acts }
    : followed.scaling;
  return { ...followed, memory: decided.memory, look, places, serviceMs, scaling };
};

/** The same for one without pods. Of what could not be seen nothing is remembered. */
const asleepNext = (followed: Followed, look: Look | undefined, now: number): Followed => {
  if (look !== undefined) return next({ ...followed, seenAt: now }, { look, reports: [] }, now);
  if (goalOf(followed, now).min === 0) return followed;
  return { ...next(followed, { look: { at: now, partitions: [] }, reports: [] }, now), look: followed.look };
};

export const createScaler = (now: () => number): Scaler => {
  const pipelines = new Map<string, ReadonlyMap<string, Followed>>();
  return {
    follow: (key, all) => {
      const known = pipelines.get(key);
      const entries = all.map((scaled) => {
        const before = known?.get(scaled.program);
        return [scaled.program, before === undefined ? fresh(scaled, now()) : { ...before, scaled }] as const;
      });
      if (entries.length === 0) pipelines.delete(key);
      else pipelines.set(key, new Map(entries));
    },
    look: (key, reports) => {
      const known = pipelines.get(key);
      if (known === undefined) return false;
      const after = new Map(
        [...known].map(([program, followed]) => {
          const own = reports.filter((report) => report.program === program);
          return [program, next(followed, { look: lookOf(own), reports: own }, now())];
        }),
      );
      pipelines.set(key, after);
      return [...after].some(([program, { scaling }]) => scaling !== known.get(program)?.scaling);
    },
    sleepers: () =>
      [...pipelines].flatMap(([key, programs]) =>
        [...programs.values()].flatMap(({ scaled: { program, topic, group, goal, acts } }) =>
          acts && goal.min === 0 ? [{ key, program, topic, group }] : [],
        ),
      ),
    lookAtLog: ({ key, program }, look) => {
      const known = pipelines.get(key);
      const followed = known?.get(program);
      if (known === undefined || followed === undefined) return false;
      const at = now();
      // Those that are awake tell of themselves, and know more: what they have taken and not yet committed.
      const after = isAsleep(followed)
        ? asleepNext(followed, look, at)
        : { ...followed, seenAt: look === undefined ? followed.seenAt : at };
      pipelines.set(key, new Map(known).set(program, after));
      return after.scaling !== followed.scaling;
    },
    decisions: (key) =>
      new Map(
        [...(pipelines.get(key) ?? [])].flatMap(([program, { scaling }]) =>
          scaling === undefined ? [] : [[program, scaling] as const],
        ),
      ),
  };
};

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
  /** The topic that it reads. */
  readonly topic: string;
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
  /** By program. */
  decisions(key: string): ReadonlyMap<string, Scaling>;
}

interface Followed {
  readonly scaled: Scaled;
  readonly memory: Memory;
  readonly look: Look | undefined;
  readonly places: Places;
  /** The last that was known: while nothing comes, nothing can be measured. */
  readonly serviceMs: number | undefined;
  readonly scaling: Scaling | undefined;
}

const fresh = (scaled: Scaled): Followed => ({
  scaled,
  memory: noMemory,
  look: undefined,
  places: new Map(),
  serviceMs: undefined,
  scaling: undefined,
});

/** Of decisions to leave all as it is, only that nothing is known, or that it is again. */
const isNews = (before: Scaling | undefined, { from, to, reason }: Decision, acts: boolean): boolean => {
  if (before === undefined) return true;
  const known = before.decision;
  if ((known.reason === 'Unknown') !== (reason === 'Unknown')) return true;
  return acts ? from !== to : to !== known.to;
};

/** What one more look at the reports leads to; the same where nobody has looked again. */
const next = (followed: Followed, reports: readonly PodReport[], now: number): Followed => {
  const { scaled, memory, look: before, places: known } = followed;
  const look = lookOf(reports);
  if (look === undefined || look.at === before?.at) return followed;
  const places = placesOf(known, look);
  const load = loadOf(look, { ...scaled, reports, before, places });
  const serviceMs = load.serviceMs ?? followed.serviceMs;
  const decided = decide({ ...load, serviceMs }, goalAt(scaled.goal, now), memory);
  const { decision } = decided;
  const scaling = isNews(followed.scaling, decision, scaled.acts)
    ? { decision, decidedAt: now, applied: scaled.acts }
    : followed.scaling;
  return { scaled, memory: decided.memory, look, places, serviceMs, scaling };
};

export const createScaler = (now: () => number): Scaler => {
  const pipelines = new Map<string, ReadonlyMap<string, Followed>>();
  return {
    follow: (key, all) => {
      const known = pipelines.get(key);
      const entries = all.map((scaled) => {
        const before = known?.get(scaled.program);
        return [scaled.program, before === undefined ? fresh(scaled) : { ...before, scaled }] as const;
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
          return [program, next(followed, own, now())];
        }),
      );
      pipelines.set(key, after);
      return [...after].some(([program, { scaling }]) => scaling !== known.get(program)?.scaling);
    },
    decisions: (key) =>
      new Map(
        [...(pipelines.get(key) ?? [])].flatMap(([program, { scaling }]) =>
          scaling === undefined ? [] : [[program, scaling] as const],
        ),
      ),
  };
};

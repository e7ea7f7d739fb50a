import type { ProgramReport } from '@groundswell/process';
import type { PodReport } from '../plan/pod-report.ts';

/** What a pod said, as far as measures need it. */
export type Said = Pick<PodReport, 'current' | 'previous'>;

export type Ledger = NonNullable<ProgramReport['ledger']>;

/** What all pods of a program together did. undefined: not known. */
export interface Measures {
  /** Records a second. */
  readonly rate: number | undefined;
  /** What was produced, by name, a second. */
  readonly produced: Readonly<Record<string, number>>;
  /** Event time, ms: the slowest pod's. */
  readonly watermark: number | undefined;
  readonly eventTime: number | undefined;
  readonly ledger: Ledger | undefined;
  /** Of a window: keys and bytes of all its workers, and the longest restore, ms. */
  readonly state: ProgramReport['state'];
  /** Records came since the look before, or that is not known. */
  readonly isMoving: boolean;
  /** Answering a request, 99th percentile, ms: the slowest pod's. */
  readonly p99Ms: number | undefined;
  /** Time of one record in one pod, ms. */
  readonly serviceMs: number | undefined;
  /** The revision that all of them run. */
  readonly revision: string | undefined;
  /** Pods that say that they wait or stand still. */
  readonly troubles: readonly string[];
}

/** Undefined of none. */
export const sumOf = (ledgers: readonly Ledger[]): Ledger | undefined => {
  const sum = (field: keyof Ledger): number => ledgers.reduce((total, ledger) => total + ledger[field], 0);
  if (ledgers.length === 0) return undefined;
  return {
    in: sum('in'),
    aggregated: sum('aggregated'),
    late: sum('late'),
    filtered: sum('filtered'),
    duplicate: sum('duplicate'),
    deadLettered: sum('deadLettered'),
  };
};

const stateOf = (states: readonly NonNullable<ProgramReport['state']>[]): ProgramReport['state'] => {
  if (states.length === 0) return undefined;
  return {
    keys: states.reduce((sum, { keys }) => sum + keys, 0),
    bytes: states.reduce((sum, { bytes }) => sum + bytes, 0),
    ...evictedOf(states),
    ...slowestRestoreOf(states),
  };
};

type StateReport = NonNullable<ProgramReport['state']>;

const evictedOf = (states: readonly StateReport[]): Pick<StateReport, 'evictedKeys'> => {
  const evictedKeys = states.reduce((sum, state) => sum + (state.evictedKeys ?? 0), 0);
  return evictedKeys === 0 ? {} : { evictedKeys };
};

/** Workers restore beside one another: what counts is who took longest. */
const slowestRestoreOf = (states: readonly StateReport[]): Pick<StateReport, 'restoreMs' | 'restoredKeys'> => {
  const [slowest] = states.toSorted((a, b) => (b.restoreMs ?? -1) - (a.restoreMs ?? -1));
  if (slowest?.restoreMs === undefined) return {};
  const { restoreMs, restoredKeys } = slowest;
  return { restoreMs, ...(restoredKeys !== undefined && { restoredKeys }) };
};

/** Three digits: what changes less is no news. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

const rateOf = (said: readonly Said[], count: (report: ProgramReport) => number): number | undefined => {
  const known = said.flatMap(({ current, previous }) =>
    previous === undefined ? [] : [((count(current) - count(previous)) * 1_000) / (current.at - previous.at)],
  );
  if (said.length === 0 || known.length < said.length) return undefined;
  return known.reduce((sum, rate) => sum + Math.max(0, rate), 0);
};

const numbers = (values: readonly (number | null | undefined)[]): readonly number[] =>
  values.filter((value) => value !== undefined && value !== null);

const most = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : Math.max(...values));

const producedOf = (said: readonly Said[]): Measures['produced'] => {
  const names = new Set(said.flatMap(({ current }) => Object.keys(current.produced)));
  const rates = [...names].flatMap((name) => {
    const rate = rateOf(said, ({ produced }) => produced[name] ?? 0);
    return rate === undefined ? [] : [[name, rate] as const];
  });
  return Object.fromEntries(rates);
};

const troubleOf = ({ program, health: { kind, reason, message } }: ProgramReport): readonly string[] =>
  kind === 'ready' ? [] : [`${program} ${kind === 'waiting' ? 'waits' : 'stands still'}: ${message ?? reason ?? ''}`];

export const measure = (said: readonly Said[]): Measures => {
  const reports = said.map(({ current }) => current);
  const watermarks = numbers(reports.map(({ watermark }) => watermark));
  const times = numbers(reports.map(({ eventTime }) => eventTime));
  const revisions = new Set(reports.map(({ revision }) => revision));
  const [busy, rate] = [rateOf(said, ({ busyMs }) => busyMs), rateOf(said, ({ records }) => records)];
  return {
    rate,
    produced: producedOf(said),
    // A pod that knows none has promised nothing.
    watermark: watermarks.length < reports.length || watermarks.length === 0 ? undefined : Math.min(...watermarks),
    eventTime: most(times),
    ledger: sumOf(reports.flatMap(({ ledger }) => ledger ?? [])),
    state: stateOf(reports.flatMap(({ state }) => state ?? [])),
    p99Ms: most(numbers(reports.map(({ p99Ms }) => p99Ms))),
    isMoving: rate !== 0,
    serviceMs: busy === undefined || rate === undefined || rate === 0 ? undefined : busy / rate,
    revision: revisions.size === 1 ? reports[0]?.revision : undefined,
    troubles: reports.flatMap(troubleOf),
  };
};

/** Whether every record went somewhere. */
export const isConserved = (ledger: Ledger): boolean =>
  ledger.in === ledger.aggregated + ledger.late + ledger.filtered + ledger.duplicate + ledger.deadLettered;

import type { Timers } from '../engine/queue.ts';
import { sleep } from '../engine/sleep.ts';
import type { PodState } from '../plan/observed.ts';
import type { PodReport } from '../plan/pod-report.ts';
import type { Reports } from './reports.ts';

export interface FollowOptions {
  readonly reports: Reports;
  /** By pipeline. */
  readonly pods: () => ReadonlyMap<string, readonly PodState[]>;
  readonly timers: Timers;
  readonly everyMs: number;
  /** How old rates and lag may become before somebody looks again. */
  readonly refreshMs: number;
  readonly signal: AbortSignal;
  /** Told of each look. */
  readonly onLook: (key: string, reports: readonly PodReport[]) => void;
  /** The programs of the pipeline say something else. */
  readonly onNews: (key: string) => void;
}

interface Told {
  readonly urgent: string;
  readonly counts: string;
  readonly at: number;
}

/** What is acted on at once. */
const urgentOf = (reports: readonly PodReport[]): string =>
  JSON.stringify(
    reports.map(({ pod, current: { revision, health, demand, variants, rollout, redefinition } }) => [
      pod,
      revision,
      health,
      demand,
      variants,
      rollout?.['doing'],
      [redefinition?.state, redefinition?.revision],
    ]),
  );

const countsOf = (reports: readonly PodReport[]): string =>
  JSON.stringify(
    reports.map(({ pod, current: { records, watermark, produced }, previous }) => [
      pod,
      records,
      // Also that it came to rest, or that its rate became known.
      previous === undefined ? undefined : previous.records === records,
      watermark,
      produced,
    ]),
  );

/** Asks all programs again and again, and says for which pipelines that is worth a look: numbers alone are told now and then. */
export const followReports = async (options: FollowOptions): Promise<void> => {
  const { reports, pods, timers, everyMs, refreshMs, signal, onLook, onNews } = options;
  const told = new Map<string, Told>();
  while (!signal.aborted) {
    const now = pods();
    await reports.collect([...now.values()].flat());
    for (const key of told.keys()) if (!now.has(key)) told.delete(key);
    for (const [key, of] of now) {
      const said = reports.of(of);
      onLook(key, said);
      const next = { urgent: urgentOf(said), counts: countsOf(said), at: timers.now() };
      const before = told.get(key);
      const isNews =
        before === undefined ||
        before.urgent !== next.urgent ||
        (before.counts !== next.counts && next.at - before.at >= refreshMs);
      if (!isNews) continue;
      told.set(key, next);
      if (!signal.aborted) onNews(key);
    }
    await sleep(everyMs, timers, signal);
  }
};

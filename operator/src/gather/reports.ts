import { ProgramReport } from '@groundswell/process';
import { inParallel } from '../engine/in-parallel.ts';
import type { PodState } from '../plan/observed.ts';
import type { PodReport } from '../plan/pod-report.ts';

export interface ReportsOptions {
  /** Asks one pod, `host:port`. Its answer is not trusted to be of any form. */
  readonly ask: (address: string) => Promise<unknown>;
  /** Pods that are asked at once. */
  readonly parallel: number;
  readonly onError: (pod: string, error: unknown) => void;
}

/** What programs report of themselves. */
export interface Reports {
  of(pods: readonly PodState[]): readonly PodReport[];
  /** Asks all of them once; what is not among them is forgotten. */
  collect(pods: readonly PodState[]): Promise<void>;
}

/** Of a pod that does not answer in time, nothing is known. */
const answerWithinMs = 3_000;

export const askPod = async (address: string): Promise<unknown> => {
  const response = await fetch(`http://${address}/report`, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!response.ok) throw new Error(`Cannot read the report of ${address}: it answers ${response.status}`);
  return response.json();
};

const isSameHealth = (a: ProgramReport, b: ProgramReport): boolean =>
  a.health.kind === b.health.kind && a.health.message === b.health.message;

const following = (before: PodReport | undefined, current: ProgramReport): Pick<PodReport, 'previous' | 'since'> => {
  if (before === undefined) return { previous: undefined, since: current.at };
  // Counters that went back are those of another process.
  const goesOn = before.current.records <= current.records && before.current.at < current.at;
  return {
    previous: goesOn ? before.current : undefined,
    since: isSameHealth(before.current, current) ? before.since : current.at,
  };
};

export const createReports = ({ ask, parallel, onError }: ReportsOptions): Reports => {
  const known = new Map<string, PodReport>();

  const take = async ({ uid, name, program, address, ready }: PodState): Promise<void> => {
    if (address === undefined) return;
    try {
      const current = ProgramReport.parse(await ask(address));
      known.set(uid, { pod: name, program, current, ...following(known.get(uid), current) });
    } catch (error) {
      known.delete(uid);
      if (ready) onError(name, error);
    }
  };
  return {
    of: (pods) => pods.flatMap(({ uid }) => known.get(uid) ?? []),
    collect: async (pods) => {
      const wanted = new Set(pods.map(({ uid }) => uid));
      for (const uid of [...known.keys()]) if (!wanted.has(uid)) known.delete(uid);
      await inParallel(pods, parallel, take);
    },
  };
};

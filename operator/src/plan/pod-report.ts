import type { ProgramReport } from '@groundswell/process';

/** What a pod said last, and before that: two answers make a rate. */
export interface PodReport {
  readonly pod: string;
  readonly program: string;
  readonly current: ProgramReport;
  readonly previous: ProgramReport | undefined;
  /** Since when its health is what it is, wall time, ms. */
  readonly since: number;
}

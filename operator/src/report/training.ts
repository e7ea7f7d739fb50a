import type { TrainerProgram } from '@groundswell/graph';
import type { TrainingState } from '@groundswell/wire';
import { nextOf } from '../cron.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { JobState, PodState } from '../plan/observed.ts';
import type { Plan } from '../plan/plan.ts';
import { trainingStateOf } from '../plan/trained.ts';
import { timeOf } from './time.ts';

/** What is known of the training of a model. */
export interface Training {
  /** When the next run begins, ms; undefined while it is suspended. */
  readonly nextAt: number | undefined;
  readonly jobs: readonly JobState[];
  readonly pods: readonly PodState[];
  /** What it has written down when its last run ended. */
  readonly state: TrainingState | undefined;
}

interface Known {
  readonly plan: Pick<Plan, 'compiled'>;
  /** As the API server writes times. */
  readonly now: string;
  readonly children: readonly KubeObject[];
  readonly pods: readonly PodState[];
  readonly jobs: readonly JobState[];
}

export const trainingOf = (trainer: TrainerProgram, { plan, now, children, pods, jobs }: Known): Training => ({
  nextAt: plan.compiled.placements.some(({ program, suspended }) => program === trainer.name && suspended)
    ? undefined
    : nextOf(trainer.schedule, trainer.timeZone, Date.parse(now)),
  jobs: jobs.filter(({ program }) => program === trainer.name),
  pods: pods.filter(({ program }) => program === trainer.name),
  state: trainingStateOf(trainer, children),
});

type Status = Readonly<Record<string, unknown>>;

const maxMessage = 2_000;

/** Why it failed: in its own words, else in those of Kubernetes. */
const failureOf = ({ pods }: Training, { message }: JobState): string => {
  const failures = pods.flatMap(({ failure }) => failure ?? []).sort((a, b) => (a.time < b.time ? 1 : -1));
  // Of a log that stands there, the last line says why.
  const said = failures[0]?.message.trim().split('\n').at(-1);
  return (said || message || 'It failed, and nothing says why').slice(0, maxMessage);
};

const endedStatus = ({ run }: TrainingState): Status => ({
  result: run.result,
  message: run.message.slice(0, maxMessage),
  rows: run.rows,
  positives: run.positives,
  ...(run.auc !== null && { auc: run.auc }),
  ...(run.artifact && { sha256: run.artifact.sha256, uri: run.artifact.uri }),
});

/** When the next run begins, and what is known of the newest. */
export const trainingStatus = (training: Training): Status | undefined => {
  const newest = newestStatus(training);
  const { nextAt } = training;
  return nextAt === undefined ? newest : { ...newest, nextRunAt: timeOf(nextAt) };
};

/** The newest run. Of one that is gone, what it has written down. */
const newestStatus = (training: Training): Status | undefined => {
  const { state, jobs } = training;
  const [newest] = [...jobs].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (newest === undefined) return state && { lastRunAt: timeOf(state.run.at), ...endedStatus(state) };
  const lastRunAt = newest.startedAt ?? newest.createdAt;
  if (newest.ended === 'Complete' && state !== undefined) return { lastRunAt, ...endedStatus(state) };
  if (newest.ended === 'Failed') return { lastRunAt, result: 'Failed', message: failureOf(training, newest) };
  return { lastRunAt, result: 'Running', message: 'It reads what was logged, or trains' };
};

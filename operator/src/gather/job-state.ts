import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { JobState } from '../plan/observed.ts';

interface JobStatus {
  readonly startTime?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
}

/** What is kept of a Job. */
export const jobStateOf = ({ metadata, status }: KubeObject): JobState => {
  const { startTime, conditions = [] } = (status ?? {}) as JobStatus;
  const isSo = (wanted: string) => conditions.find(({ type, status }) => type === wanted && status === 'True');
  const failed = isSo('Failed');
  return {
    program: metadata.labels?.[programLabel] ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    startedAt: startTime,
    ended: failed !== undefined ? 'Failed' : isSo('Complete') && 'Complete',
    message: failed?.message ?? '',
  };
};

import type { Condition } from '@groundswell/crds';
import { fieldManager, requestsAtOnce } from '../apply/apply.ts';
import { inParallel } from '../engine/in-parallel.ts';
import { isNotFound } from '../engine/kube/api-error.ts';
import type { Kube } from '../engine/kube/kube.ts';
import { ownTypes } from '../resource-types.ts';
import { transitionsOf } from './conditions.ts';
import type { Happening, Recorder } from './events.ts';
import type { Reported } from './status.ts';

/** Equal as JSON, whatever the order of members. */
const isEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keysA, keysB] = [a, b].map((value) =>
    Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, member]) =>
      member === undefined ? [] : [key],
    ),
  );
  if (keysA?.length !== keysB?.length || Array.isArray(a) !== Array.isArray(b)) return false;
  return (keysA ?? []).every((key) => isEqual(a[key as keyof typeof a], b[key as keyof typeof b]));
};

const conditionsIn = (status: unknown): readonly Condition[] =>
  ((status ?? {}) as { conditions?: readonly Condition[] }).conditions ?? [];

interface ScalingSeen {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly message: string;
  readonly decidedAt: string;
  readonly applied: boolean;
}

const scalingIn = (status: unknown): ScalingSeen | undefined => ((status ?? {}) as { scaling?: ScalingSeen }).scaling;

/** A decision for another number of pods, with what it was made from. */
const scalingNews = (before: unknown, after: unknown): Happening | undefined => {
  const scaling = scalingIn(after);
  if (scaling === undefined || scaling.from === scaling.to || isEqual(scalingIn(before), scaling)) return undefined;
  const { from, to, reason, message, applied } = scaling;
  const direction = to > from ? 'ScaledUp' : 'ScaledDown';
  return {
    type: 'Normal',
    reason: applied ? direction : 'ScalingRecommended',
    action: 'Scale',
    state: `${applied} ${from} ${to}`,
    note: `From ${from} to ${to} pods (${reason}): ${message}`,
  };
};

const write = async (kube: Kube, { object, status }: Reported): Promise<boolean> => {
  const type = ownTypes.get(object.kind);
  if (type === undefined) return false;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const written = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) }, status };
  try {
    await kube.apply(type, written, { fieldManager, subresource: 'status' });
    return true;
  } catch (error) {
    // Deleted meanwhile.
    if (isNotFound(error)) return false;
    throw error;
  }
};

const tell = ({ object, status }: Reported, record: Recorder): void => {
  for (const { condition, isWell } of transitionsOf(conditionsIn(object['status']), conditionsIn(status)))
    record(object, {
      type: isWell ? 'Normal' : 'Warning',
      reason: condition.reason,
      action: condition.type,
      note: condition.message,
      state: condition.reason,
    });
  const scaled = scalingNews(object['status'], status);
  if (scaled !== undefined) record(object, scaled);
};

/** Writes statuses that changed, and an Event for each transition. @returns how many were written */
export const reportStatuses = async (kube: Kube, reported: readonly Reported[], record: Recorder): Promise<number> => {
  let written = 0;
  const changed = reported.filter(({ object, status }) => !isEqual(object['status'], status));
  await inParallel(changed, requestsAtOnce, async (one) => {
    if (!(await write(kube, one))) return;
    written += 1;
    tell(one, record);
  });
  return written;
};

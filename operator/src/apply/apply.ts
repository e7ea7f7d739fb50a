import { createHash } from 'node:crypto';
import { managedBy, pipelineLabel } from '../children/names.ts';
import type { KubernetesObject } from '../children/objects.ts';
import { inParallel } from '../engine/in-parallel.ts';
import { isNotFound } from '../engine/kube/api-error.ts';
import type { Kube } from '../engine/kube/kube.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { idOf } from '../plan/located.ts';
import { controllerOf } from '../plan/plan.ts';
import { typeOf } from '../resource-types.ts';
import { isContained, spokenOf } from './drift.ts';

/** Owner of every field that the operator writes. */
export const fieldManager = 'groundswell';

/** Hash of what was applied: tells an object that was made from another plan, also by an older operator. */
const appliedAnnotation = 'groundswell.dev/applied';

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/**
 * How objects looked right after they were applied. The API server writes some values in another way (quantities, say), so what stands
 * there may never equal what is wanted. Lost with the process: each such object is then applied once more.
 */
export type Memory = Map<string, { readonly applied: string; readonly spoken: string }>;

export interface Wanted {
  readonly objects: readonly KubernetesObject[];
  readonly remove: readonly KubeObject[];
}

export interface Applied {
  /** Objects that were written. */
  readonly written: number;
  readonly removed: number;
  /** By the resource that an object is for (`Kind/name`): why it could not be written. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  readonly errors: readonly unknown[];
}

/** Of one pipeline. */
export const requestsAtOnce = 8;

/** What needs the rest: pods would wait for it longer than it takes to come, and a Role is bound when it is there. */
const afterTheRest = ['RoleBinding', 'Deployment', 'StatefulSet', 'CronJob', 'FlinkDeployment', 'ScaledObject'];

const idOfObject = ({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** Makes what there is equal to what there should be: writes what differs, removes what is too much. One failure stops no other. */
export const applyObjects = async (
  kube: Kube,
  { objects, remove }: Wanted,
  { live, memory }: { readonly live: readonly KubeObject[]; readonly memory: Memory },
): Promise<Applied> => {
  const standing = new Map(live.map((object) => [idOfObject(object), object]));
  const failures = new Map<string, readonly string[]>();
  const errors: unknown[] = [];
  const fail = (owner: string, error: unknown): void => {
    errors.push(error);
    failures.set(owner, [...(failures.get(owner) ?? []), error instanceof Error ? error.message : String(error)]);
  };
  let written = 0;
  const put = async (object: KubernetesObject): Promise<void> => {
    try {
      if (await applyOne(kube, object, { before: standing.get(idOfObject(object)), memory })) written += 1;
    } catch (error) {
      const [owner] = object.metadata.ownerReferences ?? [];
      fail(owner === undefined ? '' : idOf(owner), error);
    }
  };
  await inParallel(
    objects.filter(({ kind }) => !afterTheRest.includes(kind)),
    requestsAtOnce,
    put,
  );
  await inParallel(
    objects.filter(({ kind }) => afterTheRest.includes(kind)),
    requestsAtOnce,
    put,
  );
  let removed = 0;
  await inParallel(remove, requestsAtOnce, async (object) => {
    try {
      await removeOne(kube, object);
      memory.delete(idOfObject(object));
      removed += 1;
    } catch (error) {
      fail(ownerIdOf(object), error);
    }
  });
  return { written, removed, failures, errors };
};

const ownerIdOf = (object: KubeObject): string => {
  const owner = controllerOf(object);
  return owner === undefined ? '' : idOf(owner);
};

const applyOne = async (
  kube: Kube,
  object: KubernetesObject,
  { before, memory }: { readonly before: KubeObject | undefined; readonly memory: Memory },
): Promise<boolean> => {
  const applied = hashOf(object);
  const { metadata } = object;
  const wanted: KubernetesObject = {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [appliedAnnotation]: applied } },
  };
  const id = idOfObject(wanted);
  if (before !== undefined && isAsWanted(wanted, before, memory.get(id))) return false;
  const type = typeOf(wanted);
  const found = before ?? (await kube.get(type, metadata).catch(ignoreMissing));
  refuseForeign(wanted, found);
  const after = await kube.apply(type, wanted, { fieldManager });
  memory.set(id, { applied, spoken: hashOf(spokenOf(wanted, after)) });
  return true;
};

const isAsWanted = (wanted: KubernetesObject, before: KubeObject, known: ReturnType<Memory['get']>): boolean => {
  if (isContained(wanted, before)) return true;
  return (
    known !== undefined &&
    known.applied === wanted.metadata.annotations?.[appliedAnnotation] &&
    known.spoken === hashOf(spokenOf(wanted, before))
  );
};

const ignoreMissing = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
};

const selectorIn = ({ metadata: { labels } }: KubernetesObject) => ({
  ...managedBy,
  [pipelineLabel]: labels[pipelineLabel],
});

/** Somebody else's object of the same name is not taken over. */
const refuseForeign = (wanted: KubernetesObject, found: KubeObject | undefined): void => {
  if (found === undefined) return;
  const [owner] = wanted.metadata.ownerReferences ?? [];
  const other = controllerOf(found);
  // What outlives its pipeline belongs to none, and is known by its labels.
  if (owner === undefined && isContained(selectorIn(wanted), found.metadata.labels)) return;
  if (other !== undefined && other.kind === owner?.kind && other.name === owner.name) return;
  const whose = other === undefined ? 'the operator did not make it' : `it belongs to ${other.kind} "${other.name}"`;
  throw new Error(
    `Cannot make ${wanted.kind} "${wanted.metadata.name}": there is one already and ${whose}, remove it or rename the resource`,
  );
};

const removeOne = async (kube: Kube, object: KubeObject): Promise<void> => {
  const { name, namespace = '', uid } = object.metadata;
  await kube.remove(typeOf(object), { name, namespace, uid }).catch(ignoreMissing);
};

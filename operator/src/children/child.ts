import type { PipelinePlacement, Placement, Program } from '@groundswell/graph';
import { labelsOf, nameOf } from './names.ts';
import type { KubernetesObject, Owner } from './objects.ts';

/** What the objects of one program are made from. */
export interface Child {
  readonly program: Program;
  readonly placement: Placement;
  readonly pipeline: PipelinePlacement;
  /** All programs of the pipeline. */
  readonly siblings: readonly Program[];
  readonly namespace: string;
  /** Image of all programs that run on Node. */
  readonly image: string;
  /** What trains, in Python. */
  readonly trainerImage: string;
  /** Absent where objects are only printed. */
  readonly owner: Owner | undefined;
}

/** Metadata of an object that belongs to a program. */
export const metadataOf = (
  { program, namespace, owner }: Child,
  name = nameOf(program),
): KubernetesObject['metadata'] => ({
  name,
  namespace,
  labels: labelsOf(program),
  ...(owner !== undefined && { ownerReferences: [owner] }),
});

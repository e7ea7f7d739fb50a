import { parseResource, type Resource } from '@groundswell/crds';
import type { LocatedResource } from '@groundswell/graph';
import type { KubeObject } from '../engine/kube/objects.ts';

/** Names a resource among all of its namespace. */
export const idOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind}/${name}`;

export interface LocatedObject extends LocatedResource {
  readonly object: KubeObject;
  /** What is wrong with it by itself. */
  readonly problems: readonly string[];
}

/** A resource as the API server has it, as one that can be compiled. Its place is its name, for it stands in no file. */
export const locate = (object: KubeObject): LocatedObject => {
  const { name, namespace } = object.metadata;
  const parsed = parseResource(object);
  return {
    kind: object.kind,
    name,
    namespace,
    resource: parsed.kind === 'parsed' ? parsed.resource : undefined,
    written: object,
    place: () => ({ file: idOf({ kind: object.kind, name }), line: 0, column: 0 }),
    object,
    problems:
      parsed.kind === 'parsed' ? [] : parsed.problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
  };
};

/** The pipeline that a resource belongs to; itself, if it is one. */
export const pipelineOf = (object: KubeObject): string | undefined => {
  if (object.kind === ('ViralityPipeline' satisfies Resource['kind'])) return object.metadata.name;
  const { pipelineRef } = (object['spec'] ?? {}) as { pipelineRef?: { name?: string } };
  return pipelineRef?.name;
};

import { type Program, serviceOf } from '@groundswell/graph';
import type { Owner } from './objects.ts';

type Named = Pick<Program, 'name' | 'pipeline'>;

/** Base of the names of a program's objects. */
export const nameOf = (program: Named): string => serviceOf(program);

/**
 * Names the ConfigMap by the half of the revision that needs a restart: a changed program gets new pods with a new
 * ConfigMap, a live change reaches the pods that run through the ConfigMap that they have.
 */
export const configNameOf = (program: Program): string => `${nameOf(program)}-${program.revision.split('-')[0]}`;

/** Of what keeps the state of a program: the claim of a window, or the ConfigMap of what a trainer knows from one run to the next. */
export const stateNameOf = (program: Named): string => `${nameOf(program)}-state`;

/** Service of a small server that the operator runs where a pipeline names none. */
export const trialNameOf = (pipeline: string, server: 'kafka' | 'redis'): string => `${pipeline}-${server}`;

export const pipelineLabel = 'app.kubernetes.io/instance';
export const programLabel = 'groundswell.dev/program';
export const managedBy = { 'app.kubernetes.io/managed-by': 'groundswell' } as const;

/** What tells the pods of one program from all others. Must never change: a Deployment's selector cannot. */
export const selectorOf = ({ pipeline, name }: Named): Readonly<Record<string, string>> => ({
  [pipelineLabel]: pipeline,
  [programLabel]: name,
});

/** Labels of what belongs to a pipeline: to the program, or to the part, of that name. */
export const partLabels = (part: Named & { readonly kind: string }): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/name': `groundswell-${part.kind}`,
  'app.kubernetes.io/component': part.kind,
  'app.kubernetes.io/part-of': 'groundswell',
  ...managedBy,
  ...selectorOf(part),
});

/** Metadata of what belongs to no program, but to the pipeline. */
export const partMetadata = (
  part: Named & { readonly kind: string },
  { name, namespace, owner }: { readonly name: string; readonly namespace: string; readonly owner: Owner | undefined },
) => ({ name, namespace, labels: partLabels(part), ...(owner !== undefined && { ownerReferences: [owner] }) });

export const labelsOf = (program: Program): Readonly<Record<string, string>> => partLabels(program);

import type { Program } from '@groundswell/graph';

/** Base of the names of a program's objects. */
export const nameOf = ({ pipeline, name }: Program): string => `${pipeline}-${name}`;

/**
 * Names the ConfigMap by the half of the revision that needs a restart: a changed program gets new pods with a new
 * ConfigMap, a live change reaches the pods that run through the ConfigMap that they have.
 */
export const configNameOf = (program: Program): string => `${nameOf(program)}-${program.revision.split('-')[0]}`;

/** Secret with the connections of a pipeline; see the README of the operator. */
export const connectionsNameOf = ({ pipeline }: Program): string => `${pipeline}-connections`;

/** What tells the pods of one program from all others. Must never change: a Deployment's selector cannot. */
export const selectorOf = ({ pipeline, name }: Program): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/instance': pipeline,
  'groundswell.dev/program': name,
});

export const labelsOf = (program: Program): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/name': `groundswell-${program.kind}`,
  'app.kubernetes.io/component': program.kind,
  'app.kubernetes.io/part-of': 'groundswell',
  'app.kubernetes.io/managed-by': 'groundswell',
  ...selectorOf(program),
});

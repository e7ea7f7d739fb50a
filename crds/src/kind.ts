import { z } from 'zod';
import { Metadata } from './shared/metadata.ts';

export const group = 'groundswell.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 0 shows it always; 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
}

interface Definition<Name extends string, Spec extends z.ZodType, Status extends z.ZodType> {
  readonly kind: Name;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** One sentence, for `kubectl explain` and the reference page. */
  readonly summary: string;
  readonly spec: Spec;
  readonly status: Status;
  /** Whether `/scale` works on `.spec.replicas`. */
  readonly scales: boolean;
  readonly columns: readonly Column[];
  /** A whole resource as a user writes it, in YAML. */
  readonly example: string;
}

/**
 * Everything about one kind. `schema` parses a whole resource; a status that does not parse (an older operator wrote it)
 * counts as absent, since the operator writes it anew.
 */
export const defineKind = <const Name extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  definition: Definition<Name, Spec, Status>,
) => ({
  ...definition,
  schema: z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(definition.kind),
    metadata: Metadata,
    spec: definition.spec,
    status: definition.status.optional().catch(undefined),
  }),
});

export const readyColumns: readonly Column[] = [
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether all is well.',
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since it was created.' },
  {
    name: 'Message',
    type: 'string',
    jsonPath: '.status.message',
    description: 'The most important thing to know.',
    priority: 1,
  },
];

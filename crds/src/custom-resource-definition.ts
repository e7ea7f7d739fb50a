import type { z } from 'zod';
import { type Column, group, version } from './kind.ts';
import { name } from './shared/scalars.ts';
import { structuralSchema } from './structural.ts';

/** What a CustomResourceDefinition is made from: an entry of `kinds`. */
export interface KindDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly summary: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  readonly scales: boolean;
  readonly columns: readonly Column[];
}

/** The whole schema of a kind, as the API server checks it. */
export const openApiOf = ({ spec, status, summary }: KindDefinition) => ({
  type: 'object',
  description: summary,
  required: ['spec'],
  properties: {
    apiVersion: { type: 'string', description: `Always ${group}/${version}.` },
    kind: { type: 'string', description: 'Kind of the resource.' },
    // Of metadata, Kubernetes lets a schema say only this.
    metadata: { type: 'object', properties: { name: structuralSchema(name(), 'metadata.name') } },
    spec: { ...structuralSchema(spec, 'spec'), description: 'What is wanted.' },
    status: { ...structuralSchema(status, 'status'), description: 'What is, as the operator last saw it.' },
  },
});

/** The CustomResourceDefinition of a kind, as plain data. */
export const customResourceDefinition = (definition: KindDefinition) => {
  const { kind, plural, singular, shortNames, scales, columns } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/part-of': 'groundswell' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(shortNames.length > 0 ? { shortNames } : {}),
        categories: ['groundswell'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {}, ...(scales ? { scale } : {}) },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: openApiOf(definition) },
        },
      ],
    },
  };
};

const scale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
};

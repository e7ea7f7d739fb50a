import { optionalTypes } from '@groundswell/operator/plan';

/** What the Prometheus Operator, KEDA and the Flink operator install: only that the kinds are there, and take anything. */
export const optionalCrds: string = optionalTypes
  .map(({ group, version, plural, kind }) => {
    const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const schema = { openAPIV3Schema: anything };
    return JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, kind, singular: kind.toLowerCase() },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    });
  })
  .join('\n---\n');

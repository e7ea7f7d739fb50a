import type { Program } from '@groundswell/graph';
import { configNameOf, labelsOf, nameOf, selectorOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import { podTemplateOf } from './pod.ts';

export interface RenderOptions {
  readonly namespace: string;
  /** Image of a kind of program. Absent: `groundswell-<kind>`. */
  readonly image?: (kind: Program['kind']) => string;
}

/**
 * The Kubernetes objects that run the programs, in the order in which they should be applied. Equal programs give equal
 * objects.
 */
export const renderPrograms = (programs: readonly Program[], options: RenderOptions): readonly KubernetesObject[] =>
  programs.flatMap((program) => renderProgram(program, options));

const renderProgram = (program: Program, options: RenderOptions): readonly KubernetesObject[] => {
  if (program.kind === 'trainer')
    throw new Error(`Cannot render "${program.name}": training in a cluster is not supported yet`);
  return [
    serviceAccountOf(program, options),
    configMapOf(program, options),
    deploymentOf(program, options),
    ...(program.kind === 'api' ? [serviceOf(program, options)] : []),
  ];
};

const metadataOf = (program: Program, { namespace }: RenderOptions, name = nameOf(program)) => ({
  name,
  namespace,
  labels: labelsOf(program),
});

const serviceAccountOf = (program: Program, options: RenderOptions): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: metadataOf(program, options),
  // Programs talk to Kafka and Redis, not to Kubernetes.
  automountServiceAccountToken: false,
});

const configMapOf = (program: Program, options: RenderOptions): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(program, options, configNameOf(program)),
  data: { 'program.json': `${JSON.stringify(program, null, 2)}\n` },
});

/** A source must not be read twice at once, so its old pod goes before the new one comes; of the others both run for a while. */
const strategyOf = ({ kind }: Program) =>
  kind === 'ingest'
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };

const deploymentOf = (program: Program, options: RenderOptions): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...metadataOf(program, options), annotations: { 'groundswell.dev/revision': program.revision } },
  spec: {
    replicas: 1,
    strategy: strategyOf(program),
    selector: { matchLabels: selectorOf(program) },
    template: podTemplateOf(program, options.image?.(program.kind) ?? `groundswell-${program.kind}`),
  },
});

const serviceOf = (program: Program, options: RenderOptions): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(program, options),
  spec: {
    selector: selectorOf(program),
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
});

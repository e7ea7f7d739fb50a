import type { Program } from '@groundswell/graph';
import { type Child, metadataOf } from './child.ts';
import { configNameOf, nameOf, selectorOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import { doorPorts, doorsOf, podTemplateOf, pushPathOf, serviceAccountNameOf } from './pod.ts';
import { isScaledByOther } from './pod-autoscaler.ts';

/** Of a ConfigMap: the revision of the program in it. Not of the Deployment, which an annotation makes another, and not ready for a moment. */
const revisionAnnotation = 'groundswell.dev/revision';

export const serviceAccountOf = (child: Child): readonly KubernetesObject[] =>
  child.pipeline.pods.serviceAccountName === undefined
    ? [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: metadataOf(child),
          automountServiceAccountToken: false,
        },
      ]
    : [];

/** A program may watch the ConfigMap that it runs, and nothing else: a live change is in force at once. */
export const configAccessOf = (child: Child): readonly KubernetesObject[] =>
  accessOf(child, [
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [configNameOf(child.program)], verbs: ['watch'] },
  ]);

/** What a program may ask of the API server. */
export const accessOf = (child: Child, rules: readonly object[]): readonly KubernetesObject[] => {
  const metadata = metadataOf(child);
  const group = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata,
      rules,
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccountNameOf(child), namespace: child.namespace }],
    },
  ];
};

export const configMapOf = (child: Child): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    ...metadataOf(child, configNameOf(child.program)),
    annotations: { [revisionAnnotation]: child.program.revision },
  },
  data: { 'program.json': `${JSON.stringify(child.program, null, 2)}\n` },
});

/** One worker has all partitions and the state of them, so its old pod goes before the new one comes. */
const strategyOf = ({ kind }: Program) =>
  kind === 'api' || kind === 'recommend'
    ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
    : { type: 'Recreate' };

export const deploymentOf = (child: Child): KubernetesObject => {
  const { program, placement } = child;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(child),
    spec: {
      ...(!isScaledByOther(child) && { replicas: replicasOf(child) }),
      revisionHistoryLimit: 3,
      strategy: strategyOf(program),
      selector: { matchLabels: selectorOf(program) },
      template: podTemplateOf({ ...child, placement }),
    },
  };
};

const replicasOf = ({ placement }: Child): number => (placement.suspended ? 0 : (placement.replicas ?? 1));

/** Of what has several pods: how many a drain of a node may take away at once. */
export const disruptionBudgetOf = (child: Child): readonly KubernetesObject[] =>
  (isScaledByOther(child) ? (child.placement.autoscaling?.max ?? 1) : replicasOf(child)) < 2
    ? []
    : [
        {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: metadataOf(child),
          spec: {
            maxUnavailable: `${child.pipeline.pods.disruption.maxUnavailable}%`,
            selector: { matchLabels: selectorOf(child.program) },
          },
        },
      ];

/** What requests come to, over either door. */
const doorServiceOf = (child: Child): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(child),
  spec: {
    selector: selectorOf(child.program),
    ports: doorsOf(child.program).map((name) => ({ name, port: doorPorts[name], protocol: 'TCP', targetPort: name })),
  },
});

const httpPort = 80;

/** What events are pushed to, and what the API passes requests on to. */
const httpServiceOf = (child: Child): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(child),
  spec: {
    selector: selectorOf(child.program),
    ports: [{ name: 'http', port: httpPort, protocol: 'TCP', targetPort: 'http' }],
  },
});

export const serviceOf = (child: Child): readonly KubernetesObject[] => {
  const { placement, program } = child;
  const doors = doorsOf(program);
  if (doors.length > 0) return [doorServiceOf(child)];
  if (pushPathOf(program) !== undefined || program.kind === 'recommend') return [httpServiceOf(child)];
  if (placement.service === undefined) return [];
  const { type, port, annotations } = placement.service;
  const metadata = metadataOf(child);
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        type,
        selector: selectorOf(program),
        ports: [{ name: 'http', port, protocol: 'TCP', targetPort: 'http' }],
      },
    },
  ];
};

export const ingressOf = (child: Child): readonly KubernetesObject[] => {
  const { ingress } = child.placement;
  if (ingress === undefined) return [];
  const { host, className, tlsSecretName, annotations } = ingress;
  const backendOf = (program: Program) => ({ service: { name: nameOf(program), port: { name: 'http' } } });
  // Events go to the sources that take them, on the same host.
  const pushed = child.siblings.flatMap((program) => {
    const path = pushPathOf(program);
    return path === undefined ? [] : [{ path, pathType: 'Exact', backend: backendOf(program) }];
  });
  const metadata = metadataOf(child);
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        ...(className !== undefined && { ingressClassName: className }),
        ...(tlsSecretName !== undefined && { tls: [{ hosts: [host], secretName: tlsSecretName }] }),
        rules: [
          { host, http: { paths: [...pushed, { path: '/', pathType: 'Prefix', backend: backendOf(child.program) }] } },
        ],
      },
    },
  ];
};

import { type PodTemplate, type Program, type Resources, type ValueReference, valuesOf } from '@groundswell/graph';
import { valuePathOf, valuesDirectory } from '@groundswell/process';
import { artifactVolumesOf } from './artifacts.ts';
import type { Child } from './child.ts';
import { connectionsOf, secretsFolder } from './connections.ts';
import { type Json, mergeStrategically } from './merge.ts';
import { configNameOf, labelsOf, nameOf, selectorOf } from './names.ts';
import { stateVolumeOf } from './state-volume.ts';

/** Ports of a pod. */
export const podPorts = { health: 9090, http: 8080 } as const;

/** Ports of a scorer's request doors. */
export const doorPorts = { http: 8000, grpc: 8001 } as const;

/** Request doors of a scorer; other programs have none. */
export const doorsOf = (program: Program) => (program.kind === 'scorer' ? program.serving.doors : []);

/** Whether others send requests to its port `http`. */
const takesRequests = (program: Program): boolean =>
  program.kind === 'api' || program.kind === 'recommend' || pushPathOf(program) !== undefined;

/** Where a source takes events that others push. */
export const pushPathOf = (program: Program): string | undefined =>
  program.kind === 'ingest' && program.source.reader.kind === 'http' ? program.source.reader.path : undefined;

/** Requests keep coming until every node has heard that the pod goes, which takes seconds. */
const lastRequests = { preStop: { sleep: { seconds: 5 } } };

const programFolder = '/etc/groundswell';

/** What the `restricted` Pod Security Standard asks of a container, and more. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

type Size = { readonly cpu: string; readonly memory: string };

/** Set aside for a pod, and the memory that it must not exceed. CPU has no limit: throttling shows as latency. */
const sizes: Readonly<Record<Program['kind'], { readonly requests: Size; readonly memoryLimit: string }>> = {
  ingest: { requests: { cpu: '100m', memory: '256Mi' }, memoryLimit: '512Mi' },
  window: { requests: { cpu: '250m', memory: '512Mi' }, memoryLimit: '1Gi' },
  scorer: { requests: { cpu: '250m', memory: '512Mi' }, memoryLimit: '1Gi' },
  rollout: { requests: { cpu: '100m', memory: '512Mi' }, memoryLimit: '1Gi' },
  alerter: { requests: { cpu: '100m', memory: '256Mi' }, memoryLimit: '512Mi' },
  feed: { requests: { cpu: '250m', memory: '256Mi' }, memoryLimit: '512Mi' },
  recommend: { requests: { cpu: '250m', memory: '256Mi' }, memoryLimit: '512Mi' },
  api: { requests: { cpu: '100m', memory: '256Mi' }, memoryLimit: '512Mi' },
  trainer: { requests: { cpu: '500m', memory: '1Gi' }, memoryLimit: '4Gi' },
};

/** Left to Kubernetes after the drain: to close connections, and to be noticed. Seconds. */
const graceAfterDrain = 15;

/** What is said at the part counts before what is said for all pods, and that before ours. */
export const resourcesOf = ({ program, placement, pipeline }: Child): Json => {
  const { requests, memoryLimit } = sizes[program.kind];
  const wanted: Resources | undefined = placement.resources ?? pipeline.pods.resources;
  return (wanted ?? { requests, limits: { memory: memoryLimit } }) as Json;
};

const probe = (path: string, periodSeconds: number) => ({ httpGet: { path, port: 'health' }, periodSeconds });

/** An image, from where those of the pipeline come. */
export const imageFor = ({ pipeline: { pods } }: Child, image: string): string =>
  pods.registry === undefined ? image : inRegistry(image, pods.registry);

export const variablesOf = ({ program, pipeline }: Child) => [
  { name: 'GROUNDSWELL_PROGRAM', value: `${programFolder}/program.json` },
  { name: 'GROUNDSWELL_CONFIG_MAP', value: configNameOf(program) },
  { name: 'LOG_LEVEL', value: pipeline.logLevel.toLowerCase() },
  ...connectionsOf(pipeline).variables,
  ...stateVolumeOf(program).variables,
];

export const mountsOf = ({ program, pipeline, siblings }: Child) => [
  // Folders and not files: only a mounted folder follows changes.
  { name: 'program', mountPath: programFolder, readOnly: true },
  ...(connectionsOf(pipeline).files.length > 0
    ? [{ name: 'connections', mountPath: secretsFolder, readOnly: true }]
    : []),
  ...(valuesOf(program).length > 0 ? [{ name: 'values', mountPath: valuesDirectory, readOnly: true }] : []),
  ...artifactVolumesOf(program, siblings).map(({ mount }) => mount),
  ...stateVolumeOf(program).mounts,
  { name: 'tmp', mountPath: '/tmp' },
];

const containerOf = (child: Child) => {
  const { program, placement, image } = child;
  return {
    name: 'main',
    image: placement.image ?? imageFor(child, image),
    // One image has all programs.
    args: [program.kind],
    env: variablesOf(child),
    ports: [
      { name: 'health', containerPort: podPorts.health },
      ...(takesRequests(program) ? [{ name: 'http', containerPort: podPorts.http }] : []),
      ...doorsOf(program).map((name) => ({ name, containerPort: doorPorts[name] })),
    ],
    ...((doorsOf(program).length > 0 || (takesRequests(program) && program.kind !== 'api')) && {
      lifecycle: lastRequests,
    }),
    // Alive as long as it answers. A start may have to restore state, so only readiness waits for it.
    livenessProbe: { ...probe('/healthz', 10), failureThreshold: 6 },
    startupProbe: { ...probe('/healthz', 2), failureThreshold: 150 },
    readinessProbe: probe('/readyz', 5),
    resources: resourcesOf(child),
    securityContext: containerSecurity,
    volumeMounts: mountsOf(child),
  };
};

/** The same image from another registry: what comes before the last part of its name is replaced. */
const inRegistry = (image: string, registry: string): string => {
  const [last = image] = image.split('/').slice(-1);
  return `${registry.replace(/\/$/, '')}/${last}`;
};

const volumesOf = ({ program, pipeline, siblings }: Child) => {
  const { files } = connectionsOf(pipeline);
  return [
    { name: 'program', configMap: { name: configNameOf(program) } },
    ...(files.length > 0
      ? [
          {
            name: 'connections',
            projected: {
              sources: files.map(({ kind, name, key, file }) => ({ [kind]: { name, items: [{ key, path: file }] } })),
            },
          },
        ]
      : []),
    ...(valuesOf(program).length > 0 ? [valuesVolumeOf(valuesOf(program))] : []),
    ...artifactVolumesOf(program, siblings).map(({ volume }) => volume),
    ...stateVolumeOf(program).volumes,
    { name: 'tmp', emptyDir: {} },
  ];
};

/** What a program itself refers to: tokens of its source, say. */
const valuesVolumeOf = (values: readonly ValueReference[]) => ({
  name: 'values',
  projected: {
    sources: values.map((value) => ({
      [value.from]: { name: value.name, items: [{ key: value.key, path: valuePathOf(value) }] },
    })),
  },
});

export const serviceAccountNameOf = ({ program, pipeline: { pods } }: Pick<Child, 'program' | 'pipeline'>): string =>
  pods.serviceAccountName ?? nameOf(program);

/** Of any pod: what is not its containers. */
const specOf = (child: Child) => {
  const { program, pipeline } = child;
  const { pods } = pipeline;
  return {
    serviceAccountName: serviceAccountNameOf(child),
    // To watch its own ConfigMap.
    automountServiceAccountToken: true,
    // Services of a namespace as variables: hundreds of them, which nobody reads.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: Math.ceil(pods.drainTimeout / 1_000) + graceAfterDrain,
    ...(pods.priorityClassName !== undefined && { priorityClassName: pods.priorityClassName }),
    ...(pods.imagePullSecrets.length > 0 && { imagePullSecrets: pods.imagePullSecrets.map(({ name }) => ({ name })) }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selectorOf(program) },
    })),
    volumes: volumesOf(child),
  };
};

/** Absent where nobody ever asked for a restart, so that an upgrade of the operator restarts nothing. */
const restartOf = ({ placement, pipeline }: Child): Readonly<Record<string, string>> | undefined =>
  placement.restartNonce === 0 && pipeline.restartNonce === 0
    ? undefined
    : { 'groundswell.dev/restart': `${pipeline.restartNonce}.${placement.restartNonce}` };

/** The pod of a program that runs all the time. */
export const podTemplateOf = (child: Child): Json => {
  const { volumes, ...spec } = specOf(child);
  return changedTemplateOf(child, { ...spec, containers: [containerOf(child)], volumes });
};

/** The pod of a program that runs to its end: one container after the other, the last one of which is `main`. */
export const jobTemplateOf = (
  child: Child,
  containers: { readonly before: readonly object[]; readonly last: object; readonly volumes: readonly object[] },
): Json => {
  const { volumes, topologySpreadConstraints: _, ...spec } = specOf(child);
  return changedTemplateOf(child, {
    ...spec,
    restartPolicy: 'Never',
    initContainers: containers.before,
    containers: [containers.last],
    volumes: [...volumes, ...containers.volumes],
  });
};

/** With what users change in it; fits the `restricted` Pod Security Standard unless they change that. */
const changedTemplateOf = (child: Child, spec: object): Json => {
  const annotations = restartOf(child);
  const ours = {
    metadata: { labels: labelsOf(child.program), ...(annotations && { annotations }) },
    spec,
  };
  const changes = [child.pipeline.pods.template, child.placement.template];
  const changed = changes.reduce<Json>(
    (template, change) =>
      change === undefined ? template : mergeStrategically(template, change as Json & PodTemplate),
    ours as unknown as Json,
  );
  // A label that selects pods cannot be another.
  return mergeStrategically(changed, { metadata: { labels: selectorOf(child.program) } });
};

import type { Program } from '@groundswell/graph';
import { configNameOf, connectionsNameOf, labelsOf, nameOf } from './names.ts';

/** Ports of a pod. */
const ports = { health: 9090, http: 8080 } as const;

const programFolder = '/etc/groundswell';

type Size = { readonly cpu: string; readonly memory: string };

/** Set aside for a pod, and the memory that it must not exceed. CPU has no limit: throttling shows as latency. */
const sizes: Readonly<Record<Program['kind'], { readonly requests: Size; readonly memoryLimit: string }>> = {
  ingest: { requests: { cpu: '100m', memory: '256Mi' }, memoryLimit: '512Mi' },
  window: { requests: { cpu: '250m', memory: '512Mi' }, memoryLimit: '1Gi' },
  scorer: { requests: { cpu: '250m', memory: '512Mi' }, memoryLimit: '1Gi' },
  api: { requests: { cpu: '100m', memory: '256Mi' }, memoryLimit: '512Mi' },
  trainer: { requests: { cpu: '500m', memory: '1Gi' }, memoryLimit: '4Gi' },
};

/** Longer than a drain takes: a step, a save and a commit. */
const terminationGracePeriodSeconds = 60;

const fromSecret = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});

/** The environment that `@groundswell/pod` reads. */
const environmentOf = (program: Program) => [
  { name: 'GROUNDSWELL_PROGRAM', value: `${programFolder}/program.json` },
  fromSecret('KAFKA_BROKERS', connectionsNameOf(program), 'kafka-brokers'),
  fromSecret('REDIS_URL', connectionsNameOf(program), 'redis-url'),
];

const probe = (path: string, periodSeconds: number) => ({ httpGet: { path, port: 'health' }, periodSeconds });

const containerOf = (program: Program, image: string) => ({
  name: 'main',
  image,
  env: environmentOf(program),
  ports: [
    { name: 'health', containerPort: ports.health },
    ...(program.kind === 'api' ? [{ name: 'http', containerPort: ports.http }] : []),
  ],
  // Alive as long as it answers. A start may have to restore state, so only readiness waits for it.
  livenessProbe: { ...probe('/healthz', 10), failureThreshold: 6 },
  startupProbe: { ...probe('/healthz', 2), failureThreshold: 150 },
  readinessProbe: probe('/readyz', 5),
  resources: { requests: sizes[program.kind].requests, limits: { memory: sizes[program.kind].memoryLimit } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [
    // The folder and not the file: only a mounted folder follows changes of its ConfigMap.
    { name: 'program', mountPath: programFolder, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
});

/** The pod of a program; fits the `restricted` Pod Security Standard. */
export const podTemplateOf = (program: Program, image: string) => ({
  metadata: { labels: labelsOf(program) },
  spec: {
    serviceAccountName: nameOf(program),
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [containerOf(program, image)],
    volumes: [
      { name: 'program', configMap: { name: configNameOf(program) } },
      { name: 'tmp', emptyDir: {} },
    ],
  },
});

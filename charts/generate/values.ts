import { z } from 'zod';

const strings = () => z.record(z.string(), z.string());
/** What Kubernetes has a schema for is passed on as it is. */
const free = () => z.record(z.string(), z.any());
const freeList = () => z.array(free());
const name = () => z.string().max(253);

const image = z.strictObject({
  registry: z
    .string()
    .default('')
    .describe('Host and path before the name, as in registry.example.com/team. Empty: none.'),
  repository: z.string().default('groundswell').describe('Name of the image of the operator.'),
  tag: z.string().default('').describe('Tag. Empty: the appVersion of the chart.'),
  digest: z
    .string()
    .regex(/^(sha256:[0-9a-f]{64})?$/)
    .default('')
    .describe('Digest, as in sha256:…; with it the tag only informs.'),
  pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('When nodes pull it.'),
});

const crds = z.strictObject({
  install: z
    .boolean()
    .default(true)
    .describe('Whether this release installs and upgrades the CRDs. false: they are applied apart, before or after.'),
  keep: z
    .boolean()
    .default(true)
    .describe('Whether they, and so all resources of their kinds, stay when the release is uninstalled.'),
});

const serviceAccount = z.strictObject({
  create: z.boolean().default(true).describe('Whether to make one.'),
  name: name().default('').describe('Its name. Empty: that of the release.'),
  annotations: strings().default({}).describe('Annotations, as cloud identities want them.'),
});

const rbac = z.strictObject({
  create: z.boolean().default(true).describe('Whether to make roles and bindings. false: somebody else does.'),
  aggregate: z
    .boolean()
    .default(true)
    .describe(
      'Whether the ClusterRoles view, edit and admin get rights on the resources. Only with scope Cluster: a namespaced install makes nothing cluster-wide.',
    ),
});

const monitoring = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether to make a ServiceMonitor. Needs the Prometheus Operator.'),
  interval: z.string().default('30s').describe('Time between two scrapes.'),
  labels: strings().default({}).describe('More labels, by which a Prometheus finds it.'),
});

const prometheusRule = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether to make a PrometheusRule. Needs the Prometheus Operator.'),
  labels: strings().default({}).describe('More labels, by which a Prometheus finds it.'),
  runbooks: z
    .string()
    .default('docs/operations/runbooks.md')
    .describe('Address of the page of runbooks, for the links of alerts: where you serve the pages of docs.'),
});

const dashboards = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether to make a ConfigMap for each dashboard.'),
  labels: strings().default({ grafana_dashboard: '1' }).describe('Labels by which the sidecar of Grafana finds them.'),
});

const networkPolicy = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether to make one: into the operator only metrics are asked for.'),
  metricsFrom: freeList()
    .default([])
    .describe('Peers (as in ingress.from) that may read the metrics. Empty: everybody in the cluster.'),
  egress: freeList()
    .default([])
    .describe(
      'Rules (as in spec.egress) for what the operator may reach: API server, DNS, brokers, pods of pipelines. Empty: everything, as the address of the API server differs from cluster to cluster.',
    ),
});

const disruption = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether to make a PodDisruptionBudget; only with two replicas or more.'),
  maxUnavailable: z.int().min(1).default(1).describe('Replicas that a drain may take away at once.'),
});

const priorityClass = z.strictObject({
  create: z.boolean().default(false).describe('Whether to make a PriorityClass. It is cluster-wide.'),
  name: name().default('').describe('Its name, or that of an existing one. Empty and not created: none.'),
  value: z.int().max(1_000_000_000).default(1_000_000).describe('Its value.'),
});

const ports = z.strictObject({
  metrics: z.int().min(1).max(65_535).default(8080).describe('Of /metrics.'),
  health: z.int().min(1).max(65_535).default(8081).describe('Of /healthz and /readyz.'),
});

/** Everything that the chart can be told. The file of values, its schema and the reference page are made from this. */
export const Values = z.strictObject({
  global: free().optional().describe('Given by charts that have this one as a part; not read.'),
  nameOverride: z.string().max(40).default('').describe('Instead of the name of the chart in labels.'),
  fullnameOverride: z.string().max(40).default('').describe('Instead of the name of the release in names of objects.'),
  image: image.prefault({}).describe('The image of the operator.'),
  imagePullSecrets: z
    .array(z.strictObject({ name: name() }))
    .default([])
    .describe('Secrets to pull it with.'),
  programs: z
    .strictObject({
      image: z
        .string()
        .default('')
        .describe(
          'Whole image, with its registry and its tag or digest. Empty: that of the operator, which has all programs.',
        ),
      trainerImage: z
        .string()
        .default('')
        .describe(
          'Whole image of what trains models. Empty: beside that of the operator, with "-trainer" behind its name and the same tag.',
        ),
      apiServerCidrs: z
        .array(z.string().max(64))
        .default([])
        .describe(
          'Where the API server is, as in 10.0.0.1/32: its Service and what stands behind it. Programs reach it there alone. Empty: anywhere, on its ports.',
        ),
    })
    .prefault({})
    .describe('Programs of pipelines, where the resources say nothing else.'),
  trial: z
    .strictObject({
      kafkaImage: z
        .string()
        .default('')
        .describe('Whole image of Kafka. Empty: the one that the operator was made with.'),
      redisImage: z
        .string()
        .default('')
        .describe('Whole image of Redis. Empty: the one that the operator was made with.'),
    })
    .prefault({})
    .describe('The small Kafka and Redis of pipelines that name none. Not for production.'),
  replicas: z.int().min(0).max(10).default(2).describe('Operators. One leads, the others take over within seconds.'),
  scope: z
    .enum(['Cluster', 'Namespaced'])
    .default('Cluster')
    .describe(
      'Cluster: resources of all namespaces. Namespaced: those of `namespaces`, without any cluster-wide right.',
    ),
  namespaces: z
    .array(name())
    .default([])
    .describe('Only with scope Namespaced: whose resources are taken. Empty: that of the release.'),
  crds: crds.prefault({}).describe('The CustomResourceDefinitions.'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least severe line that is logged.'),
  extraArgs: z.array(z.string()).default([]).describe('More arguments; `groundswell operator --help` lists them.'),
  extraEnv: freeList().default([]).describe('More environment variables, as in a container.'),
  resources: free()
    .default({ requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '384Mi' } })
    .describe('CPU and memory of a replica.'),
  labels: strings().default({}).describe('More labels, on every object.'),
  annotations: strings().default({}).describe('More annotations, on the Deployment.'),
  podLabels: strings().default({}).describe('More labels, on the pods.'),
  podAnnotations: strings().default({}).describe('More annotations, on the pods.'),
  nodeSelector: strings().default({}).describe('Nodes that the pods may run on.'),
  tolerations: freeList().default([]).describe('Taints that the pods tolerate.'),
  affinity: free().default({}).describe('Affinity of the pods.'),
  topologySpreadConstraints: freeList()
    .default([])
    .describe('How the pods are spread. Empty: over nodes, where that is possible.'),
  terminationGracePeriodSeconds: z.int().min(1).default(30).describe('Time to hand over and end.'),
  ports: ports.prefault({}).describe('Ports of a replica.'),
  serviceAccount: serviceAccount.prefault({}).describe('The ServiceAccount of the operator.'),
  rbac: rbac.prefault({}).describe('Roles and bindings.'),
  podDisruptionBudget: disruption.prefault({}).describe('What a drain may do.'),
  networkPolicy: networkPolicy.prefault({}).describe('Who may talk to the operator, and to whom it may.'),
  serviceMonitor: monitoring.prefault({}).describe('Metrics, for the Prometheus Operator.'),
  prometheusRule: prometheusRule.prefault({}).describe('Alert rules over the metrics of operator and pipelines.'),
  dashboards: dashboards.prefault({}).describe('Dashboards for Grafana: pipeline, windows, models, operator.'),
  priorityClass: priorityClass.prefault({}).describe('What goes first when nodes are full.'),
});

import { parseArgs } from 'node:util';
import { z } from 'zod';
import { defaultImages } from './children/render.ts';

/** A setting: a flag, and the variable that says it where the flag is absent. */
interface Setting {
  readonly flag: string;
  readonly variable: string;
  readonly schema: z.ZodType;
  readonly what: string;
}

const list = () =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .transform((entries) => entries.filter((entry) => entry !== ''));

const cidrs = () =>
  list().pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], { error: 'write CIDRs, as in 10.0.0.1/32' })));

const address = () => z.string().regex(/^[^:]*:\d{1,5}$/, { error: 'write host:port, or :port for all addresses' });

const seconds = (preset: number) => z.coerce.number().min(0.1).max(86_400).default(preset);

const settings = {
  namespaces: {
    flag: 'namespaces',
    variable: 'WATCH_NAMESPACES',
    schema: list().prefault(''),
    what: 'Namespaces to look after, separated by commas. None: all, which needs rights in the whole cluster.',
  },
  leaderElection: {
    flag: 'leader-election',
    variable: 'LEADER_ELECTION',
    schema: z.stringbool().default(true),
    what: 'Whether several replicas agree on one that works.',
  },
  leaseNamespace: {
    flag: 'lease-namespace',
    variable: 'POD_NAMESPACE',
    schema: z.string().min(1).optional(),
    what: 'Namespace of the Lease. Absent: that of the pod, or of the kubeconfig.',
  },
  leaseName: {
    flag: 'lease-name',
    variable: 'LEASE_NAME',
    schema: z.string().min(1).default('groundswell-operator'),
    what: 'Name of the Lease.',
  },
  leaseSeconds: {
    flag: 'lease-seconds',
    variable: 'LEASE_SECONDS',
    schema: seconds(15),
    what: 'A replica that did not renew the Lease for so long is replaced.',
  },
  identity: {
    flag: 'identity',
    variable: 'POD_NAME',
    schema: z.string().min(1).optional(),
    what: 'Name of this replica. Absent: host name and process id.',
  },
  healthAddress: {
    flag: 'health-address',
    variable: 'HEALTH_ADDRESS',
    schema: address().default(':8081'),
    what: 'Address of /healthz and /readyz.',
  },
  metricsAddress: {
    flag: 'metrics-address',
    variable: 'METRICS_ADDRESS',
    schema: address().default(':8080'),
    what: 'Address of /metrics.',
  },
  debugAddress: {
    flag: 'debug-address',
    variable: 'DEBUG_ADDRESS',
    schema: address().optional(),
    what: 'Address of /debug/heap, a heap snapshot for Chrome DevTools, with all that the operator knows. Absent: none.',
  },
  image: {
    flag: 'image',
    variable: 'GROUNDSWELL_IMAGE',
    schema: z.string().min(1).default(defaultImages.programs),
    what: 'Image of the programs.',
  },
  trainerImage: {
    flag: 'trainer-image',
    variable: 'GROUNDSWELL_TRAINER_IMAGE',
    schema: z.string().min(1).default(defaultImages.trainer),
    what: 'Image of what trains models, in Python.',
  },
  trialKafkaImage: {
    flag: 'trial-kafka-image',
    variable: 'TRIAL_KAFKA_IMAGE',
    schema: z.string().min(1).default(defaultImages.kafka),
    what: 'Image of the small Kafka of pipelines that name none.',
  },
  trialRedisImage: {
    flag: 'trial-redis-image',
    variable: 'TRIAL_REDIS_IMAGE',
    schema: z.string().min(1).default(defaultImages.redis),
    what: 'Image of the small Redis of pipelines that name none.',
  },
  apiServerCidrs: {
    flag: 'api-server-cidrs',
    variable: 'API_SERVER_CIDRS',
    schema: cidrs().prefault(''),
    what: 'Where NetworkPolicies of programs let them reach the API server, as 10.0.0.1/32,10.1.0.0/28. None: anywhere, on its ports.',
  },
  workers: {
    flag: 'workers',
    variable: 'WORKERS',
    schema: z.coerce.number().int().min(1).max(64).default(4),
    what: 'Pipelines that are looked at at once.',
  },
  resyncSeconds: {
    flag: 'resync-seconds',
    variable: 'RESYNC_SECONDS',
    schema: seconds(600),
    what: 'Every pipeline is looked at at least so often, whether or not anything was heard of it.',
  },
  reportSeconds: {
    flag: 'report-seconds',
    variable: 'REPORT_SECONDS',
    schema: seconds(10),
    what: 'Programs are asked so often what they do.',
  },
  statusSeconds: {
    flag: 'status-seconds',
    variable: 'STATUS_SECONDS',
    schema: seconds(30),
    what: 'Rates and lag in a status are so old at most; everything else is written at once.',
  },
  apisSeconds: {
    flag: 'apis-seconds',
    variable: 'APIS_SECONDS',
    schema: seconds(30),
    what: 'It is asked so often whether the Prometheus Operator, KEDA, Strimzi and the Flink operator came or went.',
  },
  kubeconfig: {
    flag: 'kubeconfig',
    variable: 'KUBECONFIG',
    schema: z.string().min(1).optional(),
    what: 'Files that say where the API server is. Absent: the service account of the pod, or ~/.kube/config.',
  },
  apiHost: {
    flag: 'api-host',
    variable: 'KUBERNETES_SERVICE_HOST',
    schema: z.string().min(1).optional(),
    what: 'Address of the API server, as a kubelet tells every pod.',
  },
  apiPort: {
    flag: 'api-port',
    variable: 'KUBERNETES_SERVICE_PORT',
    schema: z
      .string()
      .regex(/^\d{1,5}$/)
      .default('443'),
    what: 'Port of the API server, as a kubelet tells every pod.',
  },
  serviceAccountFolder: {
    flag: 'service-account-folder',
    variable: 'SERVICE_ACCOUNT_FOLDER',
    schema: z.string().min(1).default('/var/run/secrets/kubernetes.io/serviceaccount'),
    what: 'Folder with the ca.crt, token and namespace of the service account; what is renewed there is used.',
  },
  logLevel: {
    flag: 'log-level',
    variable: 'LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    what: 'Least severe line that is logged: debug, info, warn or error.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Settings = typeof settings;
export type Config = { readonly [K in keyof Settings]: z.output<Settings[K]['schema']> };

/**
 * Reads flags and environment; a flag goes before its variable.
 *
 * @throws Error that lists everything that is wrong, by the name of the flag
 */
export const readConfig = (args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config => {
  const entries = Object.entries(settings) as [keyof Settings, Setting][];
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(entries.map(([, { flag }]) => [flag, { type: 'string' as const }])),
    strict: true,
  });
  const problems: string[] = [];
  const read = entries.map(([field, { flag, variable, schema }]) => {
    const parsed = schema.safeParse(values[flag] ?? env[variable]);
    if (parsed.success) return [field, parsed.data];
    problems.push(...parsed.error.issues.map(({ message }) => `--${flag} (${variable}): ${message}`));
    return [field, undefined];
  });
  if (problems.length > 0) throw new Error(`Cannot start: ${problems.join('; ')}`);
  return Object.fromEntries(read) as Config;
};

/** The text of `--help`. */
export const helpText = (): string => {
  const lines = Object.values(settings).map(({ flag, variable, schema, what }) => {
    const preset: unknown = schema.safeParse(undefined).data;
    const shown = preset === undefined || (Array.isArray(preset) && preset.length === 0) ? '' : ` (${String(preset)})`;
    return `  --${flag.padEnd(20)} ${variable.padEnd(20)} ${what}${shown}`;
  });
  return `The Groundswell operator: turns resources of groundswell.dev into what runs.

Usage: operator [flags]

  flag                   variable             meaning (default)
${lines.join('\n')}

Credentials come from KUBECONFIG, ~/.kube/config or the service account of the pod.
`;
};

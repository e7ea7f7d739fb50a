import { hostname } from 'node:os';
import { getHeapSnapshot } from 'node:v8';
import { createLogger, createMetrics, inClusterAccess, type Logger, type Metrics } from '@groundswell/process';
import { type Config, helpText, readConfig } from './config.ts';
import type { Access } from './engine/kube/access.ts';
import { createConnection } from './engine/kube/connection.ts';
import { createKube, type Kube } from './engine/kube/kube.ts';
import { kubeconfigAccess } from './engine/kube/kubeconfig.ts';
import { leadWhileElected } from './engine/leader.ts';
import { systemTimers } from './engine/queue.ts';
import type { Caches } from './gather/caches.ts';
import { serve } from './health-server.ts';
import { runOperator } from './operator.ts';
import { version } from './version.ts';

/** A watch lasts five minutes at most; one that is silent for twice as long does not come back by itself. */
const stuckAfterMs = 600_000;

interface World {
  readonly config: Config;
  readonly kube: Kube;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly identity: string;
  readonly leaseNamespace: string;
}

const lead = async (world: World, onSynced: (caches: Caches) => void, signal: AbortSignal): Promise<void> => {
  const { config, kube, logger, metrics, identity } = world;
  const { namespaces, workers, resyncSeconds, reportSeconds, statusSeconds, apisSeconds } = config;
  const { image: programs, trainerImage: trainer, trialKafkaImage: kafka, trialRedisImage: redis } = config;
  const images = { programs, trainer, kafka, redis };
  await runOperator(
    {
      kube,
      namespaces,
      settings: { images, apiServer: config.apiServerCidrs },
      identity,
      version,
      workers,
      resyncMs: resyncSeconds * 1_000,
      reportMs: reportSeconds * 1_000,
      statusMs: statusSeconds * 1_000,
      apisMs: apisSeconds * 1_000,
      logger,
      metrics,
      onSynced,
    },
    signal,
  );
};

const run = async (world: World, onSynced: (caches: Caches) => void, signal: AbortSignal): Promise<void> => {
  const { config, kube, logger, metrics, identity } = world;
  const isLeader = metrics.gauge('leader_election_master_status', 'Whether this replica leads', ['name']);
  isLeader.set({ name: config.leaseName }, 0);
  const work = async (leading: AbortSignal): Promise<void> => {
    isLeader.set({ name: config.leaseName }, 1);
    logger.info({ identity }, 'leads');
    await lead(world, onSynced, leading);
  };
  if (!config.leaderElection) return work(signal);
  const leaseMs = config.leaseSeconds * 1_000;
  await leadWhileElected(
    {
      kube,
      lease: { namespace: world.leaseNamespace, name: config.leaseName },
      identity,
      leaseMs,
      renewWithinMs: (leaseMs * 2) / 3,
      retryMs: (leaseMs * 2) / 15,
      timers: systemTimers,
      now: Date.now,
      signal,
      onError: (error) => logger.warn({ err: error }, 'could not reach the lease, trying again'),
    },
    work,
  );
  if (!signal.aborted) throw new Error('Cannot go on leading: the lease was lost, starting again');
};

/** In a pod by its service account, unless it is told otherwise; elsewhere as kubectl does it. */
const accessOf = async ({ kubeconfig, apiHost, apiPort, serviceAccountFolder }: Config): Promise<Access> =>
  kubeconfig === undefined && apiHost !== undefined
    ? inClusterAccess({ host: apiHost, port: apiPort, folder: serviceAccountFolder })
    : kubeconfigAccess(kubeconfig);

const main = async (): Promise<void> => {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText());
    return;
  }
  const config = readConfig(process.argv.slice(2), process.env);
  const logger = createLogger('operator', config.logLevel);
  const metrics = createMetrics();
  const access = await accessOf(config);
  const requests = metrics.counter('rest_client_requests_total', 'Requests to the API server', ['method', 'code']);
  const connection = createConnection(access, {
    onAnswer: ({ method }, code) => requests.inc({ method, code: code === 0 ? '<error>' : String(code) }),
  });
  const leaseNamespace = config.leaseNamespace ?? access.namespace ?? 'default';
  const identity = config.identity ?? `${hostname()}-${process.pid}`;
  const world = { config, kube: createKube(connection), logger, metrics, identity, leaseNamespace };
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());

  let caches: Caches | undefined;
  const health = await serve(config.healthAddress, {
    '/healthz': () => {
      const quiet = caches?.quietest();
      return quiet !== undefined && quiet.forMs > stuckAfterMs
        ? { status: 500, text: `nothing was heard of ${quiet.resource} for ${Math.round(quiet.forMs / 1_000)} s\n` }
        : { status: 200, text: 'ok\n' };
    },
    // A replica that does not lead is ready to.
    '/readyz': () => ({ status: 200, text: caches === undefined ? 'ready, does not lead\n' : 'leads\n' }),
  });
  const metricsServer = await serve(config.metricsAddress, {
    '/metrics': async () => ({
      status: 200,
      text: await metrics.registry.metrics(),
      type: metrics.registry.contentType,
    }),
  });
  const debug =
    config.debugAddress === undefined
      ? undefined
      : await serve(config.debugAddress, {
          '/debug/heap': () => ({ status: 200, text: getHeapSnapshot(), type: 'application/json' }),
        });
  try {
    await run(world, (known) => (caches = known), stopping.signal);
    logger.info('stopped');
  } finally {
    health.close();
    metricsServer.close();
    debug?.close();
    connection.close();
  }
};

await main();

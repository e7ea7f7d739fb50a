import type { FeatureWindow } from '@groundswell/crds';
import type {
  KafkaConnection,
  PipelinePlacement,
  Placement,
  RedisConnection,
  TlsReferences,
  TopicsPlacement,
} from '../placement.ts';
import { compileAutoscaling, type SharedWork } from './autoscaling.ts';
import type { PipelineContext, PipelineReading } from './context.ts';
import type { Reading } from './reading.ts';

type Lifecycle = { readonly suspend: boolean; readonly restartNonce: number };

/** Of what runs as pods; parts without a number of their own run once. */
type Workload = Partial<Pick<Placement, 'replicas' | 'image' | 'resources' | 'template' | 'service' | 'ingress'>> &
  Pick<FeatureWindow['spec'], 'autoscaling'> & { readonly deadline?: number; readonly keepRuns?: number };

/** How the programs of a resource run; what differs from one to the other is left out. */
export type UnnamedPlacement = Omit<Placement, 'pipeline' | 'program' | 'suspended'>;

/** A plain copy. Reads all there is in it, so that the whole counts as read. */
const copyOf = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)));

/**
 * Of a resource, or of a part of it with a workload of its own. Undefined on a laptop.
 *
 * @param shared  what several pods can share; absent: one has all of it
 */
export const placementOf = (
  reading: Reading<Lifecycle>,
  workload: Workload,
  shared?: SharedWork,
): UnnamedPlacement | undefined => {
  const { kind, name, spec, target } = reading;
  if (target === 'local') return undefined;
  const { replicas, image } = workload;
  // Feeds and recommenders share partitions and keep no state but the store's.
  if (!['ViralityPipeline', 'Feed', 'Recommender'].includes(kind)) checkReplicas(reading, replicas, shared);
  return {
    owner: { kind, name },
    // That of a pipeline is for all its pods.
    restartNonce: kind === 'ViralityPipeline' ? 0 : spec.restartNonce,
    replicas,
    autoscaling: shared && compileAutoscaling(reading, workload.autoscaling, shared),
    image,
    resources: copyOf(workload.resources),
    template: copyOf(workload.template),
    job: jobOf(workload),
    service: copyOf(workload.service),
    ingress: copyOf(workload.ingress),
  };
};

const jobOf = ({ deadline, keepRuns }: Workload): Placement['job'] =>
  deadline === undefined || keepRuns === undefined ? undefined : { deadlineMs: deadline, keepRuns };

const checkReplicas = ({ refuse }: Reading<unknown>, replicas = 1, shared: SharedWork | undefined): void => {
  if (replicas <= 1) return;
  const cannot = `Cannot run ${replicas} pods`;
  if (shared === undefined)
    refuse(['replicas'], `${cannot}: one worker has all partitions, and more are not supported yet, write 1`);
  else if (shared.partitions !== undefined && replicas > shared.partitions)
    refuse(
      ['replicas'],
      `${cannot}: there are ${shared.partitions} partitions to share, write at most ${shared.partitions}`,
    );
};

/** Undefined on a laptop, where nothing of it has an effect. */
export const pipelinePlacementOf = ({ name, reading }: PipelineContext): PipelinePlacement | undefined => {
  if (reading.target === 'local') return undefined;
  const { restartNonce, pods, observability } = reading.spec;
  return {
    pipeline: name,
    restartNonce,
    kafka: kafkaOf(reading),
    topics: topicsOf(reading),
    redis: redisOf(reading),
    pods: copyOf(pods),
    podMonitor: observability.podMonitor === 'IfPossible',
    logLevel: observability.logLevel,
  };
};

const kafkaOf = ({ spec: { kafka } }: PipelineReading): KafkaConnection | undefined =>
  kafka && { brokers: copyOf(kafka.brokers), sasl: copyOf(kafka.sasl), tls: tlsOf(kafka.tls) };

const topicsOf = ({ spec: { kafka, topics }, refuse }: PipelineReading): TopicsPlacement => {
  const { replicationFactor, minInSyncReplicas } = topics;
  for (const [field, copies] of Object.entries({ replicationFactor, minInSyncReplicas }))
    if (kafka === undefined && copies !== undefined && copies > 1)
      refuse(
        ['topics', field],
        `Cannot keep ${copies} copies: the small Kafka for trying out has one broker, name a Kafka or remove it`,
      );
  return {
    by: kafka?.topics ?? 'Operator',
    strimziCluster: kafka?.strimziCluster,
    ...{ replicationFactor, minInSyncReplicas },
  };
};

const redisOf = ({ spec: { redis } }: PipelineReading): RedisConnection | undefined => {
  if (redis === undefined) return undefined;
  return {
    addresses: copyOf(redis.addresses),
    cluster: redis.mode === 'Cluster',
    sentinelMaster: redis.sentinelMaster,
    database: redis.database,
    usernameRef: copyOf(redis.usernameRef),
    passwordRef: copyOf(redis.passwordRef),
    tls: tlsOf(redis.tls),
  };
};

/** Of a written `{}`, which trusts the usual authorities, the fields are all absent. */
const tlsOf = (tls: TlsReferences | undefined): TlsReferences | undefined =>
  tls && {
    caRef: copyOf(tls.caRef),
    caConfigMapRef: copyOf(tls.caConfigMapRef),
    certRef: copyOf(tls.certRef),
    keyRef: copyOf(tls.keyRef),
    serverName: tls.serverName,
    verify: tls.verify,
  };

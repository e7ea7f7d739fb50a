import type { CompiledKind } from '../resource.ts';

/** Of what runs as pods. */
const workload = ['replicas', 'autoscaling', 'image', 'resources', 'template'];

/** Of every kind. */
const shared = ['restartNonce'];

const under = (prefix: string, fields: readonly string[]): readonly string[] =>
  fields.map((field) => `${prefix}.${field}`);

/**
 * Fields below `spec` that say how something is run in a cluster: where its Kafka is, how many pods it has. A laptop has
 * one process and embedded stores, so there they change nothing. `[]` stands for any index.
 */
export const clusterOnlyFields: Readonly<Record<CompiledKind, readonly string[]>> = {
  ViralityPipeline: [
    ...shared,
    'deletionPolicy',
    'kafka',
    'redis',
    'topics.replicationFactor',
    'topics.minInSyncReplicas',
    'pods',
    'goals',
    'observability.podMonitor',
    'observability.logLevel',
    ...under('sources[]', ['standby', ...workload]),
    ...under('api', ['service', 'ingress', ...workload]),
  ],
  FeatureWindow: [...shared, ...workload, 'flink', 'repartition', 'state.store', 'state.volume'],
  Feed: [...shared, ...workload, ...under('saver', workload)],
  Recommender: [...shared, ...workload],
  ScoringModel: [...shared, ...workload, ...under('training', [...workload, 'deadline', 'keepRuns'])],
};

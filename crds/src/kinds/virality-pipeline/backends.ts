import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { listByName, listOf } from '../../shared/collections.ts';
import { sasl, tls } from '../../shared/connections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { secretKeyReference } from '../../shared/references.ts';
import { address, cronSchedule, name, text, topicName, url } from '../../shared/scalars.ts';

const strimziNeedsCluster: Rule<{ topics: string; strimziCluster?: string | undefined }> = {
  cel: "(self.topics == 'Strimzi') == has(self.strimziCluster)",
  field: 'strimziCluster',
  message: 'give strimziCluster when topics is Strimzi, and only then',
  holds: ({ topics, strimziCluster }) => (topics === 'Strimzi') === (strimziCluster !== undefined),
};

export const Kafka = withRules(
  z.strictObject({
    brokers: rolling(listOf(address(), { min: 1, max: 32 }), 'Brokers to start from, host:port.'),
    sasl: rolling(sasl().optional(), 'Log-in.'),
    tls: rolling(tls().optional(), 'Encryption.'),
    topics: rolling(
      z.enum(['Operator', 'Strimzi', 'External']).default('Operator'),
      'Who makes topics: the operator through the admin API, Strimzi from KafkaTopics that the operator writes, or somebody else.',
    ),
    strimziCluster: rolling(text(253).optional(), 'Label strimzi.io/cluster of the KafkaTopics. Only with Strimzi.'),
    compression: rolling(z.enum(['None', 'Gzip', 'Lz4', 'Zstd']).default('Lz4'), 'Compression of what we write.'),
  }),
  [strimziNeedsCluster],
);

const sentinelNeedsMaster: Rule<{ mode: string; sentinelMaster?: string | undefined }> = {
  cel: "(self.mode == 'Sentinel') == has(self.sentinelMaster)",
  field: 'sentinelMaster',
  message: 'give sentinelMaster when mode is Sentinel, and only then',
  holds: ({ mode, sentinelMaster }) => (mode === 'Sentinel') === (sentinelMaster !== undefined),
};

const connection = {
  mode: rolling(z.enum(['Standalone', 'Sentinel', 'Cluster']).default('Standalone'), 'How the servers hang together.'),
  addresses: rolling(listOf(address(), { min: 1, max: 32 }), 'Servers (or sentinels), host:port.'),
  sentinelMaster: rolling(text(128).optional(), 'Name of the master. Only with Sentinel.'),
  database: rolling(z.int().min(0).max(1023).default(0), 'Number of the database. Cluster knows only 0.'),
  usernameRef: rolling(secretKeyReference().optional(), 'User name.'),
  passwordRef: rolling(secretKeyReference().optional(), 'Password.'),
  tls: rolling(tls().optional(), 'Encryption.'),
};

const clusterHasOneDatabase: Rule<{ mode: string; database: number }> = {
  cel: "self.mode != 'Cluster' || self.database == 0",
  field: 'database',
  message: 'database must be 0 when mode is Cluster',
  holds: ({ mode, database }) => mode !== 'Cluster' || database === 0,
};

export const Redis = withRules(z.strictObject(connection), [sentinelNeedsMaster, clusterHasOneDatabase]);

const partitions = () =>
  recreate(z.int().min(1).max(10_000).optional(), 'Partitions. Absent: 1 on a laptop, 12 on Kafka.');
const retention = (preset: string) => rolling(positiveDuration().prefault(preset), 'How long records are kept.');

const topic = (preset: string) =>
  z.strictObject({
    name: recreate(topicName().optional(), 'Whole name. Absent: made from the name of the pipeline.'),
    partitions: partitions(),
    retention: retention(preset),
  });

/** Topics of the pipeline. */
export const Topics = z.strictObject({
  replicationFactor: recreate(
    z.int().min(1).max(9).optional(),
    "Copies of each partition. Absent: the brokers' default.",
  ),
  minInSyncReplicas: rolling(
    z.int().min(1).max(9).optional(),
    "Copies that must have a record. Absent: the brokers' default.",
  ),
  events: recreate(
    z
      .strictObject({
        ...topic('7d').shape,
        key: recreate(
          z.enum(['post_id', 'author_id', 'user_id', 'at']).default('post_id'),
          'Field of the event that is the key of its record, so that equal ones come in order; `at` spreads by time.',
        ),
      })
      .prefault({}),
    'Events, as ingest writes them.',
  ),
  deadLetters: recreate(topic('30d').prefault({}), 'What could not be used.'),
  predictions: recreate(topic('30d').prefault({}), 'Scores with the vectors that they were made from.'),
  outcomes: recreate(topic('30d').prefault({}), 'Labels that matured.'),
});

const Hbase = withRules(
  z.strictObject({
    rest: rolling(url('http', 'https').optional(), 'Address of its REST server.'),
    thrift: rolling(address().optional(), 'Address of its Thrift server, host:port.'),
    table: recreate(text(256).default('user_offline_feature'), 'Table; the row key is the key of the feature.'),
    family: recreate(text(64).default('f'), 'Column family; the qualifier is the name of the field.'),
    usernameRef: rolling(secretKeyReference().optional(), 'User name for the REST server.'),
    passwordRef: rolling(secretKeyReference().optional(), 'Password for the REST server.'),
  }),
  [exactlyOne(['rest', 'thrift'])],
);

const Files = z.strictObject({
  uri: rolling(text(2048), 'Parquet or CSV files: a folder, or s3://.'),
  format: rolling(z.enum(['Parquet', 'Csv']).default('Parquet'), 'Form of the files.'),
  key: rolling(text(256), 'Column that is the key.'),
  schedule: live(cronSchedule().default('@daily'), 'When they are loaded into the key-value store.'),
  secretRef: rolling(secretKeyReference().optional(), 'Access to the files.'),
});

const stores = {
  hbase: recreate(Hbase.optional(), 'HBase.'),
  files: recreate(Files.optional(), 'Files that are loaded on a schedule.'),
  redis: recreate(
    z.strictObject({ keyPrefix: recreate(text(128), 'Hashes under this prefix, filled by somebody else.') }).optional(),
    'Hashes in the Redis of the pipeline.',
  ),
};

/** Features that are computed elsewhere, once a day or so. */
const OfflineStore = withRules(
  z.strictObject({
    name: recreate(name(), 'Names the store, for features.'),
    timeout: live(duration().prefault('20ms'), 'Longest wait for an answer; then the features count as missing.'),
    ...stores,
  }),
  [exactlyOne(Object.keys(stores))],
);

export const offlineStores = () => listByName(OfflineStore, { max: 8 });

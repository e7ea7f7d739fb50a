import { z } from 'zod';
import { type Environment, readEnvironment } from './environment.ts';

/** What a Redis URL says. */
const redisOf = ({ protocol, hostname, port, username, password, pathname }: URL) => ({
  nodes: [`${hostname}:${port === '' ? 6379 : port}`],
  ...(username !== '' && { username: decodeURIComponent(username) }),
  ...(password !== '' && { password: decodeURIComponent(password) }),
  ...(pathname.length > 1 && { database: Number(pathname.slice(1)) }),
  ...(protocol === 'rediss:' && { tls: {} }),
});

const kafkaFields = {
  kafkaBrokers: z
    .string()
    .min(1)
    .transform((list) => list.split(',')),
  /** Absent: no log-in. User name and password are in files, so that they can be changed. */
  kafkaSaslMechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  kafkaUsernameFile: z.string().optional(),
  kafkaPasswordFile: z.string().optional(),
  kafkaTls: z.stringbool().default(false),
  kafkaTlsCaFile: z.string().optional(),
  kafkaTlsCertFile: z.string().optional(),
  kafkaTlsKeyFile: z.string().optional(),
  kafkaTlsServerName: z.string().optional(),
  kafkaTlsVerify: z.stringbool().default(true),
  /** Whether the program creates topics that are missing, or waits until somebody has. */
  kafkaTopics: z.enum(['create', 'wait']).default('create'),
  /** Of topics that it creates; absent: as the brokers are set up. */
  kafkaReplicationFactor: z.coerce.number().int().min(1).optional(),
  kafkaMinInSyncReplicas: z.coerce.number().int().min(1).optional(),
};

const KafkaConfig = z.strictObject(kafkaFields);
export type KafkaConfig = z.output<typeof KafkaConfig>;

/** What a pod gets from its environment. Everything else stands in the program. */
const Config = z
  .strictObject({
    /** File with the program as JSON, mounted from a ConfigMap. */
    programFile: z.string().min(1),
    /** The ConfigMap itself, of which the API server tells a change at once. Absent: the file alone is followed. */
    configMap: z.string().min(1).optional(),
    /** Where the API server is, as a kubelet tells every pod. */
    apiHost: z.string().min(1).optional(),
    apiPort: z.string().default('443'),
    serviceAccountFolder: z.string().default('/var/run/secrets/kubernetes.io/serviceaccount'),
    ...kafkaFields,
    redisUrl: z
      .string()
      .transform((text, context) => {
        const url = URL.parse(text);
        if (url !== null && ['redis:', 'rediss:'].includes(url.protocol)) return redisOf(url);
        context.addIssue({
          code: 'custom',
          message: 'is no URL as redis://user:password@host:6379/0, or rediss:// with TLS',
        });
        return z.NEVER;
      })
      .optional(),
    /** Instead of the URL: `host:port,host:port`, and what else there is to say. */
    redisAddresses: z
      .string()
      .min(1)
      .transform((list) => list.split(','))
      .optional(),
    redisDatabase: z.coerce.number().int().min(0).optional(),
    redisUsernameFile: z.string().optional(),
    redisPasswordFile: z.string().optional(),
    redisTls: z.stringbool().default(false),
    redisTlsCaFile: z.string().optional(),
    redisTlsCertFile: z.string().optional(),
    redisTlsKeyFile: z.string().optional(),
    redisTlsServerName: z.string().optional(),
    redisTlsVerify: z.stringbool().default(true),
    /** The addresses are those of sentinels, which know the master of this name. */
    redisSentinelMaster: z.string().min(1).optional(),
    /** Redis Cluster: other nodes are found from this one. */
    redisCluster: z.stringbool().default(false),
    /**
     * A pod that was killed keeps its partitions for so long; one that is silent for so long loses them. Brokers take no less
     * than 6 s unless they are set up otherwise.
     */
    sessionTimeoutMs: z.coerce.number().int().min(1_000).default(30_000),
    /** Of `/healthz`, `/readyz` and `/metrics`. */
    healthHost: z.string().default('0.0.0.0'),
    healthPort: z.coerce.number().int().min(0).max(65_535).default(9090),
    /** Where states lie, on a volume that all pods of the program share. Absent: in its changelog. */
    stateFolder: z.string().min(1).optional(),
    saveEveryMs: z.coerce.number().int().min(100).default(5_000),
    logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .refine(({ redisUrl, redisAddresses }) => (redisUrl === undefined) !== (redisAddresses === undefined), {
    path: ['redisUrl'],
    message: 'is needed, or REDIS_ADDRESSES in its place',
    when: () => true,
  });

export type Config = z.output<typeof Config>;

const kafkaNames: Readonly<Record<keyof KafkaConfig, string>> = {
  kafkaBrokers: 'KAFKA_BROKERS',
  kafkaSaslMechanism: 'KAFKA_SASL_MECHANISM',
  kafkaUsernameFile: 'KAFKA_USERNAME_FILE',
  kafkaPasswordFile: 'KAFKA_PASSWORD_FILE',
  kafkaTls: 'KAFKA_TLS',
  kafkaTlsCaFile: 'KAFKA_TLS_CA_FILE',
  kafkaTlsCertFile: 'KAFKA_TLS_CERT_FILE',
  kafkaTlsKeyFile: 'KAFKA_TLS_KEY_FILE',
  kafkaTlsServerName: 'KAFKA_TLS_SERVER_NAME',
  kafkaTlsVerify: 'KAFKA_TLS_VERIFY',
  kafkaTopics: 'KAFKA_TOPICS',
  kafkaReplicationFactor: 'KAFKA_REPLICATION_FACTOR',
  kafkaMinInSyncReplicas: 'KAFKA_MIN_IN_SYNC_REPLICAS',
};

const names: Readonly<Record<keyof Config, string>> = {
  programFile: 'GROUNDSWELL_PROGRAM',
  configMap: 'GROUNDSWELL_CONFIG_MAP',
  apiHost: 'KUBERNETES_SERVICE_HOST',
  apiPort: 'KUBERNETES_SERVICE_PORT',
  serviceAccountFolder: 'SERVICE_ACCOUNT_FOLDER',
  ...kafkaNames,
  redisUrl: 'REDIS_URL',
  redisAddresses: 'REDIS_ADDRESSES',
  redisDatabase: 'REDIS_DATABASE',
  redisUsernameFile: 'REDIS_USERNAME_FILE',
  redisPasswordFile: 'REDIS_PASSWORD_FILE',
  redisTls: 'REDIS_TLS',
  redisTlsCaFile: 'REDIS_TLS_CA_FILE',
  redisTlsCertFile: 'REDIS_TLS_CERT_FILE',
  redisTlsKeyFile: 'REDIS_TLS_KEY_FILE',
  redisTlsServerName: 'REDIS_TLS_SERVER_NAME',
  redisTlsVerify: 'REDIS_TLS_VERIFY',
  redisSentinelMaster: 'REDIS_SENTINEL_MASTER',
  redisCluster: 'REDIS_CLUSTER',
  sessionTimeoutMs: 'SESSION_TIMEOUT_MS',
  healthHost: 'HEALTH_HOST',
  healthPort: 'HEALTH_PORT',
  stateFolder: 'STATE_FOLDER',
  saveEveryMs: 'SAVE_EVERY_MS',
  logLevel: 'LOG_LEVEL',
};

/** @throws Error that lists every variable that is missing or wrong */
export const readConfig = (env: Environment): Config => readEnvironment(Config, names, env);

/** Of a process that needs nothing but Kafka. @throws Error that lists every variable that is missing or wrong */
export const readKafkaConfig = (env: Environment): KafkaConfig => readEnvironment(KafkaConfig, kafkaNames, env);

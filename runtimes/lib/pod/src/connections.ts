import { readFile } from 'node:fs/promises';
import type { KafkaLogOptions } from '@groundswell/stores/kafka';
import type { RedisKeyValueOptions } from '@groundswell/stores/redis';
import type { Config, KafkaConfig } from './config.ts';

export interface Connections {
  readonly kafka: Pick<KafkaLogOptions, 'brokers' | 'sasl' | 'tls' | 'replicationFactor' | 'minInSyncReplicas'>;
  readonly redis: Pick<
    RedisKeyValueOptions,
    'nodes' | 'username' | 'password' | 'database' | 'cluster' | 'sentinelMaster' | 'tls'
  >;
  /** Those that hold secrets and certificates. */
  readonly files: readonly string[];
}

/** Editors and `kubectl create secret --from-file` leave a newline at the end. */
const valueIn = async (file: string): Promise<string> => (await readFile(file, 'utf8')).replace(/\r?\n$/, '');

const optional = async <K extends string>(
  name: K,
  file: string | undefined,
): Promise<{ readonly [P in K]?: string }> =>
  file === undefined ? {} : ({ [name]: await valueIn(file) } as { readonly [P in K]?: string });

interface TlsFiles {
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

interface TlsWanted {
  readonly wanted: boolean;
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

const tlsOf = async ({ ca, certificate, key }: TlsFiles, { wanted, serverName, verify }: TlsWanted) => {
  if (!wanted) return {};
  const parts = await Promise.all([optional('ca', ca), optional('certificate', certificate), optional('key', key)]);
  const name = serverName === undefined ? {} : { serverName };
  return { tls: { ...parts[0], ...parts[1], ...parts[2], ...name, ...(verify ? {} : { verify }) } };
};

const saslOf = async ({ kafkaSaslMechanism: mechanism, kafkaUsernameFile, kafkaPasswordFile }: KafkaConfig) => {
  if (mechanism === undefined) return {};
  if (kafkaUsernameFile === undefined || kafkaPasswordFile === undefined)
    throw new Error(
      'Cannot log in to Kafka: KAFKA_SASL_MECHANISM is set, KAFKA_USERNAME_FILE and KAFKA_PASSWORD_FILE are needed with it',
    );
  return {
    sasl: { mechanism, username: await valueIn(kafkaUsernameFile), password: await valueIn(kafkaPasswordFile) },
  };
};

const kafkaTlsOf = (config: KafkaConfig): TlsFiles => ({
  ca: config.kafkaTlsCaFile,
  certificate: config.kafkaTlsCertFile,
  key: config.kafkaTlsKeyFile,
});

const copiesOf = ({ kafkaReplicationFactor, kafkaMinInSyncReplicas }: KafkaConfig) => ({
  ...(kafkaReplicationFactor !== undefined && { replicationFactor: kafkaReplicationFactor }),
  ...(kafkaMinInSyncReplicas !== undefined && { minInSyncReplicas: kafkaMinInSyncReplicas }),
});

/** Where Kafka is, with what is needed to log in. @throws Error when a file cannot be read */
export const readKafkaConnection = async (config: KafkaConfig): Promise<Connections['kafka']> => ({
  brokers: config.kafkaBrokers,
  ...(await saslOf(config)),
  ...(await tlsOf(kafkaTlsOf(config), {
    wanted: config.kafkaTls,
    serverName: config.kafkaTlsServerName,
    verify: config.kafkaTlsVerify,
  })),
  ...copiesOf(config),
});

/**
 * Where Kafka and Redis are, with what is needed to log in.
 *
 * @throws Error when a file cannot be read
 */
export const readConnections = async (config: Config): Promise<Connections> => {
  const kafkaTls = kafkaTlsOf(config);
  const redisTls = { ca: config.redisTlsCaFile, certificate: config.redisTlsCertFile, key: config.redisTlsKeyFile };
  const { redisUsernameFile, redisPasswordFile, redisDatabase, redisSentinelMaster: sentinelMaster } = config;
  const logins = [config.kafkaUsernameFile, config.kafkaPasswordFile, redisUsernameFile, redisPasswordFile];
  const files = [...logins, ...Object.values(kafkaTls), ...Object.values(redisTls)].filter(
    (file) => file !== undefined,
  );
  return {
    kafka: await readKafkaConnection(config),
    redis: {
      ...(config.redisUrl ?? { nodes: config.redisAddresses ?? [] }),
      ...(await optional('username', redisUsernameFile)),
      ...(await optional('password', redisPasswordFile)),
      ...(redisDatabase !== undefined && { database: redisDatabase }),
      ...(sentinelMaster !== undefined && { sentinelMaster }),
      ...(await tlsOf(redisTls, {
        wanted: config.redisTls,
        serverName: config.redisTlsServerName,
        verify: config.redisTlsVerify,
      })),
      cluster: config.redisCluster,
    },
    files,
  };
};

import type { PipelinePlacement, TlsReferences } from '@groundswell/graph';
import { trialNameOf } from './names.ts';

export const secretsFolder = '/etc/groundswell-connections';

/** A value in a Secret or ConfigMap that is mounted as a file, so that a changed one reaches the pods that run. */
interface MountedValue {
  readonly file: string;
  readonly kind: 'secret' | 'configMap';
  readonly name: string;
  readonly key: string;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface Connections {
  readonly variables: readonly Variable[];
  readonly files: readonly MountedValue[];
}

const none: Connections = { variables: [], files: [] };
const joined = (parts: readonly Connections[]): Connections => ({
  variables: parts.flatMap(({ variables }) => variables),
  files: parts.flatMap(({ files }) => files),
});

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

/** Tells a program, in the variable, the file that the value is in. */
const mounted = (variable: string, reference: KeyReference | undefined, kind: MountedValue['kind'] = 'secret') => {
  if (reference === undefined) return none;
  const file = variable
    .replace(/_FILE$/, '')
    .toLowerCase()
    .replaceAll('_', '-');
  return {
    variables: [{ name: variable, value: `${secretsFolder}/${file}` }],
    files: [{ file, kind, ...reference }],
  };
};

const variable = (name: string, value: string | undefined): Connections =>
  value === undefined ? none : { variables: [{ name, value }], files: [] };

const tlsOf = (prefix: 'KAFKA' | 'REDIS', tls: TlsReferences | undefined): Connections =>
  tls === undefined
    ? none
    : joined([
        variable(`${prefix}_TLS`, 'true'),
        mounted(`${prefix}_TLS_CA_FILE`, tls.caRef),
        tls.caRef === undefined ? mounted(`${prefix}_TLS_CA_FILE`, tls.caConfigMapRef, 'configMap') : none,
        mounted(`${prefix}_TLS_CERT_FILE`, tls.certRef),
        mounted(`${prefix}_TLS_KEY_FILE`, tls.keyRef),
        variable(`${prefix}_TLS_SERVER_NAME`, tls.serverName),
        variable(`${prefix}_TLS_VERIFY`, tls.verify === 'None' ? 'false' : undefined),
      ]);

export const mechanisms = { Plain: 'plain', ScramSha256: 'scram-sha-256', ScramSha512: 'scram-sha-512' } as const;

/** Those of the pipeline, or the small one that the operator runs. */
export const brokersOf = ({ pipeline, kafka }: PipelinePlacement): readonly string[] =>
  kafka?.brokers ?? [`${trialNameOf(pipeline, 'kafka')}:9092`];

/** Absent: the brokers decide. */
const numberOf = (name: string, value: number | undefined) =>
  variable(name, value === undefined ? undefined : String(value));

/** What is not made by us is waited for. */
const topicsOf = ({ topics: { by, replicationFactor, minInSyncReplicas } }: PipelinePlacement): Connections =>
  joined([
    variable('KAFKA_TOPICS', by === 'Operator' ? undefined : 'wait'),
    numberOf('KAFKA_REPLICATION_FACTOR', replicationFactor),
    numberOf('KAFKA_MIN_IN_SYNC_REPLICAS', minInSyncReplicas),
  ]);

const kafkaOf = (placement: PipelinePlacement): Connections => {
  const { sasl, tls } = placement.kafka ?? {};
  return joined([
    variable('KAFKA_BROKERS', brokersOf(placement).join(',')),
    topicsOf(placement),
    sasl === undefined
      ? none
      : joined([
          variable('KAFKA_SASL_MECHANISM', mechanisms[sasl.mechanism]),
          mounted('KAFKA_USERNAME_FILE', sasl.usernameRef),
          mounted('KAFKA_PASSWORD_FILE', sasl.passwordRef),
        ]),
    tlsOf('KAFKA', tls),
  ]);
};

const redisOf = ({ pipeline, redis }: PipelinePlacement): Connections => {
  const addresses = redis?.addresses ?? [`${trialNameOf(pipeline, 'redis')}:6379`];
  return joined([
    variable('REDIS_ADDRESSES', addresses.join(',')),
    variable('REDIS_CLUSTER', redis?.cluster ? 'true' : undefined),
    variable('REDIS_SENTINEL_MASTER', redis?.sentinelMaster),
    variable('REDIS_DATABASE', redis?.database ? String(redis.database) : undefined),
    mounted('REDIS_USERNAME_FILE', redis?.usernameRef),
    mounted('REDIS_PASSWORD_FILE', redis?.passwordRef),
    tlsOf('REDIS', redis?.tls),
  ]);
};

/** How a pod finds Kafka and Redis: addresses as variables, secrets as files. */
export const connectionsOf = (pipeline: PipelinePlacement): Connections =>
  joined([kafkaOf(pipeline), redisOf(pipeline)]);

/** The Secrets and ConfigMaps that connections need: a pod does not start without them. */
export const referencesOf = (pipeline: PipelinePlacement): readonly Omit<MountedValue, 'file'>[] =>
  connectionsOf(pipeline).files.map(({ kind, name, key }) => ({ kind, name, key }));

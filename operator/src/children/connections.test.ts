import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { connectionsOf } from './connections.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
  kafka:
    brokers: [a:9093, b:9093]
    sasl: { mechanism: Plain, usernameRef: { name: kafka, key: user }, passwordRef: { name: kafka, key: password } }
    tls:
      caConfigMapRef: { name: authority, key: ca.pem }
      certRef: { name: kafka, key: tls.crt }
      keyRef: { name: kafka, key: tls.key }
      serverName: kafka.internal
  redis: { mode: Sentinel, sentinelMaster: main, addresses: ['r:26379'], database: 3, tls: { verify: None } }
`;

test('a pod is told where Kafka and Redis are by variables, and secrets by files', () => {
  const { pipelines, problems } = compile(resolve(parseFiles([{ path: 'p.yaml', text }]).resources), {
    target: 'cluster',
  });
  expect(problems).toEqual([]);
  const [placement] = pipelines;
  if (placement === undefined) throw new Error('there is none');
  const { variables, files } = connectionsOf(placement);
  const folder = '/etc/groundswell-connections';
  expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual({
    KAFKA_BROKERS: 'a:9093,b:9093',
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_USERNAME_FILE: `${folder}/kafka-username`,
    KAFKA_PASSWORD_FILE: `${folder}/kafka-password`,
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: `${folder}/kafka-tls-ca`,
    KAFKA_TLS_CERT_FILE: `${folder}/kafka-tls-cert`,
    KAFKA_TLS_KEY_FILE: `${folder}/kafka-tls-key`,
    KAFKA_TLS_SERVER_NAME: 'kafka.internal',
    REDIS_ADDRESSES: 'r:26379',
    REDIS_SENTINEL_MASTER: 'main',
    REDIS_DATABASE: '3',
    REDIS_TLS: 'true',
    REDIS_TLS_VERIFY: 'false',
  });
  expect(files).toEqual([
    { file: 'kafka-username', kind: 'secret', name: 'kafka', key: 'user' },
    { file: 'kafka-password', kind: 'secret', name: 'kafka', key: 'password' },
    { file: 'kafka-tls-ca', kind: 'configMap', name: 'authority', key: 'ca.pem' },
    { file: 'kafka-tls-cert', kind: 'secret', name: 'kafka', key: 'tls.crt' },
    { file: 'kafka-tls-key', kind: 'secret', name: 'kafka', key: 'tls.key' },
  ]);
});

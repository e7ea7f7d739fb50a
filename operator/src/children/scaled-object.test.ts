import { expect, test } from 'vitest';
import { rendered, windowText } from './rendered.fixture.ts';

const window = 'autoscaling: { by: KEDA, minReplicas: 0, maxReplicas: 4 }';
const guarded = (kafka: string) => {
  const objects = rendered(windowText({ pipeline: `kafka: { brokers: ["k:9093"]${kafka} }`, window }));
  const scaled = objects.find(({ kind }) => kind === 'ScaledObject')?.['spec'] as {
    triggers: readonly { type: string; metadata: object; authenticationRef?: object }[];
  };
  return {
    authentication: objects.find(({ kind }) => kind === 'TriggerAuthentication')?.['spec'],
    trigger: scaled.triggers.find(({ type }) => type === 'kafka'),
  };
};
const sasl = (mechanism: string) =>
  `sasl: { mechanism: ${mechanism}, usernameRef: { name: login, key: user }, passwordRef: { name: login, key: word } }`;

test('KEDA logs in to a guarded Kafka by the Secrets of the pipeline', () => {
  const { authentication, trigger } = guarded(
    `, ${sasl('ScramSha512')}, tls: { caRef: { name: ca, key: ca.crt }, certRef: { name: own, key: tls.crt }, keyRef: { name: own, key: tls.key } }`,
  );
  expect(authentication).toEqual({
    secretTargetRef: [
      { parameter: 'username', name: 'login', key: 'user' },
      { parameter: 'password', name: 'login', key: 'word' },
      { parameter: 'ca', name: 'ca', key: 'ca.crt' },
      { parameter: 'cert', name: 'own', key: 'tls.crt' },
      { parameter: 'key', name: 'own', key: 'tls.key' },
    ],
  });
  expect(trigger).toMatchObject({
    metadata: { sasl: 'scram_sha512', tls: 'enable' },
    authenticationRef: { name: 'news-window-posts' },
  });
});

test.each([
  { what: 'nothing where nothing is guarded', kafka: '', metadata: {}, authentication: undefined },
  {
    what: 'TLS alone, which needs no Secret',
    kafka: ', tls: {}',
    metadata: { tls: 'enable' },
    authentication: undefined,
  },
  {
    what: 'not to look at certificates',
    kafka: ', tls: { verify: None }',
    metadata: { tls: 'enable', unsafeSsl: 'true' },
    authentication: undefined,
  },
  {
    what: 'an authority in a ConfigMap',
    kafka: ', tls: { caConfigMapRef: { name: ca, key: ca.crt } }',
    metadata: { tls: 'enable' },
    authentication: { configMapTargetRef: [{ parameter: 'ca', name: 'ca', key: 'ca.crt' }] },
  },
])('KEDA is told $what', ({ kafka, metadata, authentication }) => {
  const found = guarded(kafka);
  expect(found.authentication).toEqual(authentication);
  expect(found.trigger?.metadata).toMatchObject(metadata);
  if (authentication === undefined) expect(found.trigger).not.toHaveProperty('authenticationRef');
  if (!('tls' in metadata)) expect(found.trigger?.metadata).not.toHaveProperty('tls');
});

test('what KEDA cannot be told is refused', () => {
  expect(() => guarded(', tls: { serverName: kafka.internal }')).toThrow('Cannot scale by KEDA: it cannot be told');
});

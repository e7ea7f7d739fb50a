import type { KafkaConnection, PipelinePlacement, TlsReferences } from '@groundswell/graph';
import type { KafkaLogOptions } from '@groundswell/stores/kafka';
import { brokersOf, mechanisms } from '../children/connections.ts';
import type { Kube } from '../engine/kube/kube.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { secretType, typeOf } from '../resource-types.ts';

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };

/** The operator is in another namespace than the pods, which find a Service by its name alone. */
const seenFrom =
  (namespace: string) =>
  (address: string): string => {
    const [host = '', port = ''] = address.split(':');
    return /^[a-z][a-z0-9-]*$/.test(host) && host !== 'localhost' ? `${host}.${namespace}.svc:${port}` : address;
  };

/** Values of Secrets and ConfigMaps. Secrets are only listed: the right to do so is there, to know their names. */
const readerOf = (kube: Pick<Kube, 'get' | 'list'>, namespace: string) => {
  const value = ({ name, key }: KeyReference, found: KubeObject | undefined): string => {
    const text = ((found?.['data'] ?? {}) as Readonly<Record<string, string>>)[key];
    if (text === undefined) throw new Error(`Cannot connect to Kafka: "${name}" has no key "${key}", it is needed`);
    return text;
  };
  return {
    secret: async (reference: KeyReference): Promise<string> => {
      const { items } = await kube.list(secretType, { namespace, fieldSelector: `metadata.name=${reference.name}` });
      return Buffer.from(value(reference, items[0]), 'base64')
        .toString('utf8')
        .replace(/\r?\n$/, '');
    },
    configMap: async (reference: KeyReference): Promise<string> =>
      value(reference, await kube.get(typeOf(configMap), { namespace, name: reference.name })),
  };
};

type Reader = ReturnType<typeof readerOf>;

const given = async <K extends string>(name: K, value: Promise<string> | undefined) =>
  (value === undefined ? {} : { [name]: await value }) as { readonly [P in K]?: string };

const tlsOf = async (reader: Reader, tls: TlsReferences) => {
  const { caRef, caConfigMapRef, certRef, keyRef, serverName, verify } = tls;
  const ca = caRef ? reader.secret(caRef) : caConfigMapRef && reader.configMap(caConfigMapRef);
  return {
    ...(await given('ca', ca)),
    ...(await given('certificate', certRef && reader.secret(certRef))),
    ...(await given('key', keyRef && reader.secret(keyRef))),
    ...(serverName !== undefined && { serverName }),
    ...(verify === 'None' && { verify: false }),
  };
};

const saslOf = async (
  reader: Reader,
  { mechanism, usernameRef, passwordRef }: NonNullable<KafkaConnection['sasl']>,
) => ({
  mechanism: mechanisms[mechanism],
  username: await reader.secret(usernameRef),
  password: await reader.secret(passwordRef),
});

/**
 * How the operator itself reaches the Kafka of a pipeline, with the secrets as they are now.
 *
 * @throws Error where one is missing
 */
export const kafkaOptionsOf = async (
  placement: PipelinePlacement,
  { kube, namespace }: { readonly kube: Pick<Kube, 'get' | 'list'>; readonly namespace: string },
): Promise<Pick<KafkaLogOptions, 'brokers' | 'sasl' | 'tls' | 'replicationFactor' | 'minInSyncReplicas'>> => {
  const reader = readerOf(kube, namespace);
  const { sasl, tls } = placement.kafka ?? {};
  const { replicationFactor, minInSyncReplicas } = placement.topics;
  return {
    brokers: brokersOf(placement).map(seenFrom(namespace)),
    ...(sasl !== undefined && { sasl: await saslOf(reader, sasl) }),
    ...(tls !== undefined && { tls: await tlsOf(reader, tls) }),
    ...(replicationFactor !== undefined && { replicationFactor }),
    ...(minInSyncReplicas !== undefined && { minInSyncReplicas }),
  };
};

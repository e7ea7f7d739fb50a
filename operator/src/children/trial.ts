import type { PipelinePlacement } from '@groundswell/graph';
import { partLabels, partMetadata, selectorOf, trialNameOf } from './names.ts';
import type { KubernetesObject, Owner } from './objects.ts';

export interface TrialOptions {
  readonly pipeline: PipelinePlacement;
  readonly namespace: string;
  readonly owner: Owner | undefined;
  readonly images: { readonly kafka: string; readonly redis: string };
}

interface Server {
  readonly name: 'kafka' | 'redis';
  readonly port: number;
  readonly container: object;
}

const probeOf = (port: number) => ({ tcpSocket: { port }, periodSeconds: 5, failureThreshold: 6 });

const kafkaContainer = ({ pipeline: { pipeline }, namespace }: TrialOptions, image: string) => ({
  image,
  env: Object.entries({
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    // The operator asks it, too, from another namespace.
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${trialNameOf(pipeline, 'kafka')}.${namespace}.svc:9092`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_LOG_DIRS: '/data/logs',
    KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m',
  }).map(([name, value]) => ({ name, value })),
  resources: { requests: { cpu: '250m', memory: '768Mi' }, limits: { memory: '1Gi' } },
});

const redisContainer = (image: string) => ({
  image,
  args: ['redis-server', '--dir', '/data', '--appendonly', 'yes', '--appendfsync', 'everysec'],
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
});

/**
 * A small Kafka and a small Redis where the pipeline names none. For trying out: one pod each, and what they have is gone with
 * their node.
 */
export const trialServersOf = (options: TrialOptions): readonly KubernetesObject[] => {
  const { pipeline, images } = options;
  const kafka: Server = { name: 'kafka', port: 9092, container: kafkaContainer(options, images.kafka) };
  const redis: Server = { name: 'redis', port: 6379, container: redisContainer(images.redis) };
  const missing = [...(pipeline.kafka === undefined ? [kafka] : []), ...(pipeline.redis === undefined ? [redis] : [])];
  return missing.flatMap((server) => [serviceOf(options, server), statefulSetOf(options, server)]);
};

const metadataOf = ({ pipeline: { pipeline }, namespace, owner }: TrialOptions, { name }: Server) => ({
  ...partMetadata({ pipeline, name, kind: name }, { name: trialNameOf(pipeline, name), namespace, owner }),
  annotations: { 'groundswell.dev/trial': 'not for production: one pod, no copies' },
});

const serviceOf = (options: TrialOptions, server: Server): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(options, server),
  spec: {
    clusterIP: 'None',
    // A broker has to find itself before it is ready.
    publishNotReadyAddresses: true,
    selector: selectorOf({ pipeline: options.pipeline.pipeline, name: server.name }),
    ports: [{ name: server.name, port: server.port, protocol: 'TCP', targetPort: server.port }],
  },
});

const statefulSetOf = (options: TrialOptions, server: Server): KubernetesObject => {
  const { pipeline } = options.pipeline;
  const { name, port } = server;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(options, server),
    spec: {
      replicas: 1,
      serviceName: trialNameOf(pipeline, name),
      selector: { matchLabels: selectorOf({ pipeline, name }) },
      template: {
        metadata: { labels: partLabels({ pipeline, name, kind: name }) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name,
              ...server.container,
              ports: [{ name, containerPort: port }],
              readinessProbe: probeOf(port),
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    },
  };
};

import { groupOf } from '@groundswell/graph';
import { type Child, metadataOf } from './child.ts';
import { brokersOf } from './connections.ts';
import { nameOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';
import { behaviorOf } from './pod-autoscaler.ts';

/**
 * Records for each pod: so many that they never ask for a second one. What is not committed yet counts as lag, and a window commits what it has
 * saved, so lag tells only whether there is anything to do.
 */
const neverReached = '1000000000';

const mechanisms = { Plain: 'plaintext', ScramSha256: 'scram_sha256', ScramSha512: 'scram_sha512' } as const;

interface Parameter {
  readonly parameter: string;
  readonly name: string;
  readonly key: string;
}

const parameter = (
  name: string,
  reference: { readonly name: string; readonly key: string } | undefined,
): readonly Parameter[] =>
  reference === undefined ? [] : [{ parameter: name, name: reference.name, key: reference.key }];

/** What KEDA needs to log in to the Kafka of the pipeline, by the same references as the pods. */
const authenticationOf = (child: Child): readonly KubernetesObject[] => {
  const { sasl, tls } = child.pipeline.kafka ?? {};
  const secrets = [
    ...parameter('username', sasl?.usernameRef),
    ...parameter('password', sasl?.passwordRef),
    ...parameter('ca', tls?.caRef),
    ...parameter('cert', tls?.certRef),
    ...parameter('key', tls?.keyRef),
  ];
  const configMaps = tls?.caRef === undefined ? parameter('ca', tls?.caConfigMapRef) : [];
  if (secrets.length + configMaps.length === 0) return [];
  return [
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: metadataOf(child),
      spec: {
        ...(secrets.length > 0 && { secretTargetRef: secrets }),
        ...(configMaps.length > 0 && { configMapTargetRef: configMaps }),
      },
    },
  ];
};

/** How the Kafka of the pipeline is guarded, in the words of KEDA. */
const guardOf = ({ pipeline: { kafka } }: Child) => ({
  ...(kafka?.sasl !== undefined && { sasl: mechanisms[kafka.sasl.mechanism] }),
  ...(kafka?.tls !== undefined && { tls: 'enable' }),
  ...(kafka?.tls?.verify === 'None' && { unsafeSsl: 'true' }),
});

/** KEDA stops and starts the pods by what waits in Kafka; how many there are then, it decides by CPU and the clock. */
export const scaledObjectOf = (child: Child): readonly KubernetesObject[] => {
  const { placement, pipeline, program } = child;
  const { autoscaling, suspended } = placement;
  if (autoscaling?.by !== 'KEDA' || program.kind !== 'window') return [];
  const { min, max, utilization, up, down, schedules } = autoscaling;
  const metadata = metadataOf(child);
  const authentication = authenticationOf(child);
  return [
    ...authentication,
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      // It would start what is suspended, too.
      metadata: suspended ? { ...metadata, annotations: { 'autoscaling.keda.sh/paused-replicas': '0' } } : metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: nameOf(program) },
        minReplicaCount: min,
        maxReplicaCount: max,
        cooldownPeriod: Math.round(down.stabilizationMs / 1_000),
        advanced: {
          horizontalPodAutoscalerConfig: { behavior: { scaleUp: behaviorOf(up), scaleDown: behaviorOf(down) } },
        },
        triggers: [
          { type: 'cpu', metricType: 'Utilization', metadata: { value: String(Math.round(utilization * 100)) } },
          {
            type: 'kafka',
            metadata: {
              bootstrapServers: brokersOf(pipeline).join(','),
              consumerGroup: groupOf(program),
              topic: program.input.topic.name,
              offsetResetPolicy: 'earliest',
              lagThreshold: neverReached,
              activationLagThreshold: '0',
              ...guardOf(child),
            },
            ...(authentication.length > 0 && { authenticationRef: { name: metadata.name } }),
          },
          ...schedules.map(({ start, end, timeZone, minReplicas }) => ({
            type: 'cron',
            metadata: { timezone: timeZone, start, end, desiredReplicas: String(minReplicas) },
          })),
        ],
      },
    },
  ];
};

import type { PipelinePlacement, Program } from '@groundswell/graph';
import { artifactPortsOf } from './artifacts.ts';
import { partLabels, pipelineLabel } from './names.ts';
import type { KubernetesObject, Owner } from './objects.ts';
import { doorPorts, podPorts } from './pod.ts';

interface PolicyOptions {
  readonly pipeline: PipelinePlacement;
  /** All of the pipeline. */
  readonly programs: readonly Program[];
  readonly namespace: string;
  readonly owner: Owner | undefined;
}

const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
const dns = { ports: [{ protocol: 'UDP', port: 53 }, ...tcp([53])] };

/** Of the API server: of its Service, and of the server behind it, which is what most networks judge by. */
const apiServerPorts = [443, 6443];

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

/** Ports of Kafka, Redis, the API server and the stores of models. Names cannot be allowed, only ports. */
const storePorts = ({ pipeline: { kafka, redis }, programs }: PolicyOptions): readonly number[] => {
  const addresses = [...(kafka?.brokers ?? [':9092']), ...(redis?.addresses ?? [':6379'])];
  const ports = [...addresses.map(portOf), ...apiServerPorts, ...programs.flatMap(artifactPortsOf)];
  return [...new Set(ports)].sort((a, b) => a - b);
};

/** Those that talk to nobody but Kafka and Redis, to the stores of their models, and of their ConfigMap to the API server. */
const inner = ['window', 'scorer'];

/** Of all pods of a pipeline: who may reach them, and whom they may reach. */
export const networkPoliciesOf = (options: PolicyOptions): readonly KubernetesObject[] => {
  const { pipeline } = options;
  if (pipeline.pods.networkPolicy === 'None') return [];
  const pods = { matchLabels: { [pipelineLabel]: pipeline.pipeline } };
  const component = 'app.kubernetes.io/component';
  return [
    policy(options, 'reached-by', {
      podSelector: { ...pods, matchExpressions: [{ key: component, operator: 'NotIn', values: ['kafka', 'redis'] }] },
      policyTypes: ['Ingress'],
      ingress: [{ ports: tcp([podPorts.health, podPorts.http, ...Object.values(doorPorts)]) }],
    }),
    policy(options, 'reach', {
      podSelector: { ...pods, matchExpressions: [{ key: component, operator: 'In', values: inner }] },
      policyTypes: ['Egress'],
      egress: [dns, { ports: tcp(storePorts(options)) }],
    }),
  ];
};

const policy = (
  { pipeline: { pipeline }, namespace, owner }: PolicyOptions,
  name: string,
  spec: object,
): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: {
    name: `${pipeline}-${name}`,
    namespace,
    labels: partLabels({ pipeline, name, kind: 'network' }),
    ...(owner !== undefined && { ownerReferences: [owner] }),
  },
  spec,
});

import type { PipelinePlacement, Program } from '@groundswell/graph';
import { artifactPortsOf, urlPortOf } from './artifacts.ts';
import { partMetadata, pipelineLabel } from './names.ts';
import type { KubernetesObject, Owner } from './objects.ts';
import { doorPorts, podPorts } from './pod.ts';

interface PolicyOptions {
  readonly pipeline: PipelinePlacement;
  /** All of the pipeline. */
  readonly programs: readonly Program[];
  readonly namespace: string;
  readonly owner: Owner | undefined;
  /** Where the API server is, as CIDRs; none: anywhere. */
  readonly apiServer: readonly string[];
}

type Rule = { readonly to?: readonly object[]; readonly ports?: readonly object[] };

const tcp = (ports: readonly number[]) =>
  [...new Set(ports)].sort((a, b) => a - b).map((port) => ({ protocol: 'TCP', port }));
const dns: Rule = { ports: [{ protocol: 'UDP', port: 53 }, ...tcp([53])] };

/** Of the API server: of its Service, and of the server behind it, which is what most networks judge by. */
const apiServerPorts = [443, 6443];

const component = 'app.kubernetes.io/component';
const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
const podsOf = ({ pipeline }: PipelinePlacement, of?: string) => ({
  podSelector: { matchLabels: { [pipelineLabel]: pipeline, ...(of !== undefined && { [component]: of }) } },
});

/** Kafka and Redis: by their ports, as names cannot be allowed; those that the operator runs by their pods. */
const storesOf = ({ pipeline }: PolicyOptions): readonly Rule[] =>
  [
    { name: 'kafka', addresses: pipeline.kafka?.brokers, port: 9092 },
    { name: 'redis', addresses: pipeline.redis?.addresses, port: 6379 },
  ].map(({ name, addresses, port }) =>
    addresses === undefined
      ? { to: [podsOf(pipeline, name)], ports: tcp([port]) }
      : { ports: tcp(addresses.map(portOf)) },
  );

const apiServerOf = ({ apiServer }: PolicyOptions): Rule => ({
  ...(apiServer.length > 0 && { to: apiServer.map((cidr) => ({ ipBlock: { cidr } })) }),
  ports: tcp(apiServerPorts),
});

/** Of who takes traces, a name likewise. */
const tracesOf = ({ programs }: PolicyOptions): readonly Rule[] => {
  const ports = tcp(programs.flatMap(({ traces }) => (traces === undefined ? [] : urlPortOf(traces.endpoint))));
  return ports.length === 0 ? [] : [{ ports }];
};

interface Reach {
  readonly name: string;
  readonly kinds: readonly Program['kind'][];
  /** Besides Kafka, Redis, DNS and the API server. */
  readonly more: (options: PolicyOptions) => readonly Rule[];
}

const providersOf = (programs: readonly Program[]): readonly string[] =>
  programs.flatMap((program) => (program.kind === 'api' ? (program.access.signIn?.issuer ?? []) : []));

/** Whether or not there are such programs now, so that one that is held keeps what it had. Those that are not here go wherever sources and receivers are. */
const reaches: readonly Reach[] = [
  { name: 'reach', kinds: ['window', 'rollout', 'feed'], more: () => [] },
  {
    name: 'scorer-reach',
    kinds: ['scorer', 'trainer'],
    more: ({ programs }) => {
      const ports = tcp(programs.flatMap(artifactPortsOf));
      return ports.length === 0 ? [] : [{ ports }];
    },
  },
  {
    name: 'api-reach',
    kinds: ['api'],
    // It passes requests on, and asks who signs in.
    more: ({ pipeline, programs }) => [
      ...providersOf(programs).map((issuer) => ({ ports: tcp([urlPortOf(issuer)]) })),
      { to: [podsOf(pipeline)] },
    ],
  },
];

/** Of all pods of a pipeline: who may reach them, and whom they may reach. */
export const networkPoliciesOf = (options: PolicyOptions): readonly KubernetesObject[] => {
  const { pipeline } = options;
  if (pipeline.pods.networkPolicy === 'None') return [];
  const { podSelector } = podsOf(pipeline);
  const servers = { key: component, operator: 'NotIn', values: ['kafka', 'redis'] };
  return [
    policy(options, 'reached-by', {
      podSelector: { ...podSelector, matchExpressions: [servers] },
      policyTypes: ['Ingress'],
      ingress: [{ ports: tcp([podPorts.health, podPorts.http, ...Object.values(doorPorts)]) }],
    }),
    ...reaches.map(({ name, kinds, more }) =>
      policy(options, name, {
        podSelector: { ...podSelector, matchExpressions: [{ key: component, operator: 'In', values: kinds }] },
        policyTypes: ['Egress'],
        egress: [dns, ...storesOf(options), apiServerOf(options), ...tracesOf(options), ...more(options)],
      }),
    ),
  ];
};
const policy = (
  { pipeline: { pipeline }, namespace, owner }: PolicyOptions,
  name: string,
  spec: object,
): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: partMetadata({ pipeline, name, kind: 'network' }, { name: `${pipeline}-${name}`, namespace, owner }),
  spec,
});

import { expect, test } from 'vitest';
import { modelText, rendered } from './rendered.fixture.ts';

const text = (stores = '') => `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  ${stores}
  sources: [{ name: demo, generator: {} }]
  api: {}
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: post-10m }
spec:
  pipelineRef: { name: news }
  key: [post_id]
  window: { tumble: { size: 10m } }
  aggregations: [{ name: events, count: {} }]
${modelText}  variants:
    - { name: only, share: 100, artifact: { uri: "https://models.example:8443/m.onnx", sha256: "${'0'.repeat(64)}" } }
`;

interface Egress {
  readonly to?: readonly object[];
  readonly ports?: readonly { readonly port: number }[];
}
const egress = (stores?: string, apiServer: readonly string[] = []): Readonly<Record<string, readonly Egress[]>> => {
  const policies = rendered(text(stores), { apiServer }).filter(({ kind }) => kind === 'NetworkPolicy');
  return Object.fromEntries(
    policies.flatMap(({ metadata, spec }) => {
      const { egress } = spec as { egress?: readonly Egress[] };
      return egress === undefined ? [] : [[metadata.name, egress]];
    }),
  );
};
const named = 'kafka: { brokers: ["k:9093"] }\n  redis: { addresses: ["r:6380"] }';
const portsOf = (rules: readonly Egress[] | undefined) =>
  rules?.flatMap(({ ports = [] }) => ports.map(({ port }) => port));

test('each kind of program reaches what it needs, and sources and alerts go where they are sent', () => {
  const found = egress(named);
  expect(Object.keys(found)).toEqual(['news-reach', 'news-scorer-reach', 'news-api-reach']);
  expect(portsOf(found['news-reach'])).toEqual([53, 53, 9093, 6380, 443, 6443]);
  expect(portsOf(found['news-scorer-reach'])).toEqual([53, 53, 9093, 6380, 443, 6443, 8443]);
  expect(found['news-api-reach']?.at(-1)).toEqual({
    to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'news' } } }],
  });
});

test('small servers of the operator are reached by their pods, and no others at their ports', () => {
  const [, kafka, redis] = egress()['news-reach'] ?? [];
  const server = (name: string) => [
    { podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'news', 'app.kubernetes.io/component': name } } },
  ];
  expect([kafka, redis]).toMatchObject([
    { to: server('kafka'), ports: [{ port: 9092 }] },
    { to: server('redis'), ports: [{ port: 6379 }] },
  ]);
});

test('the API server is reached where it is, if that is known', () => {
  const rule = egress(named, ['10.0.0.1/32'])['news-reach']?.at(-1);
  expect(rule).toMatchObject({ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ port: 443 }, { port: 6443 }] });
});

test('the API reaches the provider by which people sign in', () => {
  const oidc = 'issuer: "https://id.example:8444", clientId: page, clientSecretRef: { name: oidc, key: secret }';
  const found = egress(`${named}\n  ui: { oidc: { ${oidc} } }`);
  expect(portsOf(found['news-api-reach'])).toContain(8444);
  expect(portsOf(found['news-scorer-reach'])).not.toContain(8444);
});

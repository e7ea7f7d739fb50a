import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '..', '..', 'runtimes', 'scorer', 'test', 'fixtures');
const modelFolder = '/models';

const model = (name: string) => {
  const bytes = readFileSync(join(fixtures, `${name}.onnx`));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};
const files = { first: model('classifier'), second: model('challenger') } as const;
export type ModelName = keyof typeof files;

/** Small models, as pods of the scorer find them; larger ones do not fit into a ConfigMap. */
const models = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'models' },
  binaryData: Object.fromEntries(
    Object.entries(files).map(([name, { bytes }]) => [`${name}.onnx`, bytes.toString('base64')]),
  ),
};

const mounted = {
  spec: {
    volumes: [{ name: 'models', configMap: { name: 'models' } }],
    containers: [{ name: 'main', volumeMounts: [{ name: 'models', mountPath: modelFolder, readOnly: true }] }],
  },
};

const groundswell = (kind: string, name: string, spec: object) => ({
  apiVersion: 'groundswell.dev/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

/** What the model says, by one variant of that name alone. */
export const scoringModel = (variant: ModelName) =>
  groundswell('ScoringModel', 'virality', {
    pipelineRef: { name: 'news' },
    entity: { where: "event.type == 'post'" },
    score: { at: ['0s', '5m', '30m'], onChange: { throttle: '1m', until: '30m' } },
    features: [
      { name: 'minutes', expression: 'age / 60000.0' },
      { name: 'followers', event: 'event.user.followers', default: 0 },
      { name: 'reposts', window: { ref: { name: 'reposts' }, field: 'reposts' }, default: 0 },
    ],
    variants: [
      {
        name: variant,
        share: 100,
        artifact: { uri: `file://${modelFolder}/${variant}.onnx`, sha256: files[variant].sha256 },
      },
    ],
    output: { top: { size: 20, maxAge: '60m' } },
    outcomeRef: { name: 'viral' },
    template: mounted,
  });

/** Generated posts, a window, a model and the API. */
export const exampleOf = ({ brokers, redis }: { readonly brokers: readonly string[]; readonly redis: string }) => [
  models,
  groundswell('ViralityPipeline', 'news', {
    kafka: { brokers },
    redis: { addresses: [redis] },
    // For two cores: what pods need here is little, and they all run at once.
    pods: { resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '512Mi' } } },
    sources: [{ name: 'demo', generator: { seed: 7, rate: 120, speed: 120, tick: '10s' } }],
    outcomes: [{ name: 'viral', count: { where: "event.type in ['repost', 'quote']", atLeast: 20 }, within: '1h' }],
    api: {},
  }),
  groundswell('FeatureWindow', 'reposts', {
    pipelineRef: { name: 'news' },
    input: { topic: 'events', where: "event.type in ['repost', 'quote']" },
    key: ['post_id'],
    window: { hop: { size: '30m', every: '1m' } },
    watermark: { maxOutOfOrderness: '5s', allowedLateness: '1m', idleTimeout: '30s' },
    aggregations: [{ name: 'reposts', count: {} }],
    sinks: [{ redis: { hash: { key: 'post:{post_id}' } } }],
  }),
  scoringModel('first'),
];

export const asList = (namespace: string, items: readonly { readonly metadata: object }[]): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: items.map((item) => ({ ...item, metadata: { ...item.metadata, namespace } })),
  });

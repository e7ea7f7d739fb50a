/** Resources that tests apply, small and right. */
export const pipeline = (name: string, spec: object = {}) => ({
  apiVersion: 'groundswell.dev/v1alpha1',
  kind: 'ViralityPipeline',
  metadata: { name },
  spec: {
    kafka: { brokers: ['kafka.test:9092'] },
    redis: { addresses: ['redis.test:6379'] },
    sources: [{ name: 'demo', generator: { seed: 7 } }],
    outcomes: [{ name: 'hit', count: { where: "event.type == 'repost'", atLeast: 10 }, within: '1d' }],
    api: {},
    ...spec,
  },
});

export const featureWindow = (name: string, pipelineName: string, spec: object = {}) => ({
  apiVersion: 'groundswell.dev/v1alpha1',
  kind: 'FeatureWindow',
  metadata: { name },
  spec: {
    pipelineRef: { name: pipelineName },
    key: ['post_id'],
    window: { hop: { size: '10m', every: '10s' } },
    aggregations: [
      { name: 'reposts', count: {} },
      { name: 'engagement', weightedSum: { by: 'event.type', weights: { like: 1, repost: 2 } } },
    ],
    sinks: [{ redis: { hash: { key: `${name}:{post_id}` } } }],
    ...spec,
  },
});

export const scoringModel = (
  name: string,
  pipelineName: string,
  { window, ...spec }: { window: string; [field: string]: unknown },
) => ({
  apiVersion: 'groundswell.dev/v1alpha1',
  kind: 'ScoringModel',
  metadata: { name },
  spec: {
    pipelineRef: { name: pipelineName },
    features: [
      { name: 'followers', event: 'event.user.followers' },
      { name: 'reposts', window: { ref: { name: window }, field: 'reposts' }, default: 0 },
    ],
    outcomeRef: { name: 'hit' },
    ...spec,
  },
});

export type Written = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
};

/** As `kubectl apply` takes them. */
export const inNamespace = (namespace: string, objects: readonly Written[]): string =>
  objects.map((object) => JSON.stringify({ ...object, metadata: { ...object.metadata, namespace } })).join('\n---\n');

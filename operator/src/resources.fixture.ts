import type { KubeObject } from './engine/kube/objects.ts';
import type { Observed } from './plan/observed.ts';

/** A resource as the API server would give it. */
const resource = (kind: string, name: string, spec: object): KubeObject => {
  const metadata = { name, namespace: 'social', uid: `uid-${name}`, generation: 1 };
  return { apiVersion: 'groundswell.dev/v1alpha1', kind, metadata, spec };
};

/** A pipeline with a model that is rolled out by labels; more fields of the model's spec. */
export const rolledOutModel = (spec: object): readonly KubeObject[] => [
  resource('ViralityPipeline', 'news', {
    sources: [{ name: 'demo', generator: {} }],
    outcomes: [{ name: 'hit', count: { where: "event.type == 'repost'", atLeast: 10 }, within: '1d' }],
  }),
  resource('ScoringModel', 'hits', {
    pipelineRef: { name: 'news' },
    features: [{ name: 'followers', event: 'event.user.followers' }],
    rollout: { champion: 'champion', challenger: 'challenger', require: [] },
    outcomeRef: { name: 'hit' },
    ...spec,
  }),
];

/** What is known of the pipeline `news`: nothing but what differs. */
export const observedWith = (change: Partial<Observed>): Observed => ({
  ...{ namespace: 'social', pipeline: 'news', resources: [] },
  ...{ children: [], pods: [], jobs: [], reports: [], scaling: new Map(), secrets: new Set(), served: new Set() },
  ...change,
});

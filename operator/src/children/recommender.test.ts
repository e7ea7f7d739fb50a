import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { renderPrograms } from './index.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: sky, bluesky: {} }]
  api: {}
---
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: clicks }
spec:
  pipelineRef: { name: news }
  features: [{ name: followers, event: event.user.followers }]
  routing: { key: user_id }
---
apiVersion: groundswell.dev/v1alpha1
kind: Recommender
metadata: { name: shop }
spec:
  pipelineRef: { name: news }
  replicas: 2
  candidates: [{ name: new, exploration: {} }]
  rank: { modelRef: { name: clicks } }
`;
const render = (yaml: string) =>
  renderPrograms(compile(resolve(parseFiles([{ path: 'p.yaml', text: yaml }]).resources), { target: 'cluster' }), {
    namespace: 'social',
  });
const objectOf = (kind: string, name: string, yaml = text) =>
  render(yaml).find((object) => object.kind === kind && object.metadata.name === name);

test('a recommender has a Service, to which the API passes requests on, and its pods roll', () => {
  expect(objectOf('Service', 'news-recommend-shop')?.['spec']).toEqual({
    selector: { 'app.kubernetes.io/instance': 'news', 'groundswell.dev/program': 'recommend-shop' },
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
  });
  const deployment = objectOf('Deployment', 'news-recommend-shop')?.['spec'];
  expect(deployment).toMatchObject({
    replicas: 2,
    strategy: { type: 'RollingUpdate' },
    template: { spec: { containers: [{ args: ['recommend'], lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } },
  });
  expect(JSON.stringify(deployment)).toContain('{"name":"http","containerPort":8080}');
  expect(objectOf('PodDisruptionBudget', 'news-recommend-shop')).toBeDefined();
});

test('its model has a door for it', () => {
  expect(JSON.stringify(objectOf('Service', 'news-scorer-clicks')?.['spec'])).toContain('"port":8000');
});

test('a HorizontalPodAutoscaler has its number of pods where the resource says so', () => {
  const scaled = text.replace('replicas: 2', 'autoscaling: { by: HPA, minReplicas: 2, maxReplicas: 8 }');
  expect(objectOf('HorizontalPodAutoscaler', 'news-recommend-shop', scaled)?.['spec']).toMatchObject({
    scaleTargetRef: { kind: 'Deployment', name: 'news-recommend-shop' },
    ...{ minReplicas: 2, maxReplicas: 8 },
  });
  expect(objectOf('Deployment', 'news-recommend-shop', scaled)?.['spec']).not.toHaveProperty('replicas');
});

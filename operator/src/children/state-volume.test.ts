import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { renderPrograms } from './index.ts';

const compiled = (state: string, target: 'cluster' | 'local' = 'cluster') => {
  const text = `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: posts }
spec:
  pipelineRef: { name: news }
  key: [post_id]
  window: { tumble: { size: 10m } }
  aggregations: [{ name: events, count: {} }]
  sinks: [{ redis: { hash: { key: "p:{post_id}" } } }]
  state: ${state}
`;
  return compile(resolve(parseFiles([{ path: 'x.yaml', text }]).resources), { target });
};
const volume = '{ store: Volume, volume: { size: 2Gi, storageClassName: shared } }';
const rendered = (state: string) => renderPrograms(compiled(state), { namespace: 'social' });

test('a window whose state lies on a volume has a claim, which its pods mount', () => {
  const objects = rendered(volume);
  expect(objects.find(({ kind }) => kind === 'PersistentVolumeClaim')).toMatchObject({
    metadata: { name: 'news-window-posts-state' },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: 'shared',
      resources: { requests: { storage: '2147483648' } },
    },
  });
  const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('posts'));
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              env: expect.arrayContaining([{ name: 'STATE_FOLDER', value: '/var/lib/groundswell' }]),
              volumeMounts: expect.arrayContaining([{ name: 'state', mountPath: '/var/lib/groundswell' }]),
            },
          ],
          volumes: expect.arrayContaining([
            { name: 'state', persistentVolumeClaim: { claimName: 'news-window-posts-state' } },
          ]),
        },
      },
    },
  });
});

test('others have none', () => {
  const objects = rendered('{ saveEvery: 1s }');
  expect(objects.some(({ kind }) => kind === 'PersistentVolumeClaim')).toBe(false);
  expect(JSON.stringify(objects)).not.toContain('STATE_FOLDER');
});

test('a volume for one node is asked for as such', () => {
  const objects = rendered('{ store: Volume, volume: { size: 1Gi, accessMode: ReadWriteOnce } }');
  const claim = objects.find(({ kind }) => kind === 'PersistentVolumeClaim');
  expect(claim).toMatchObject({ spec: { accessModes: ['ReadWriteOnce'] } });
  expect(claim?.['spec']).not.toHaveProperty('storageClassName');
});

test('on a laptop it is said to have no effect', () => {
  const { problems } = compiled(volume, 'local');
  const ignored = (field: string) => `Cannot use "${field}" here: it has an effect only in a cluster, it is ignored`;
  expect(problems.map(({ message }) => message)).toEqual([ignored('store'), ignored('volume')]);
});

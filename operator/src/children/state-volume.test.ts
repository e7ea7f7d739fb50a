import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { rendered, windowText } from './rendered.fixture.ts';

const textWith = (state: string) => windowText({ window: `state: ${state}` });
const volume = '{ store: Volume, volume: { size: 2Gi, storageClassName: shared } }';
const objectsWith = (state: string) => rendered(textWith(state));

test('a window whose state lies on a volume has a claim, which its pods mount', () => {
  const objects = objectsWith(volume);
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
  const objects = objectsWith('{ saveEvery: 1s }');
  expect(objects.some(({ kind }) => kind === 'PersistentVolumeClaim')).toBe(false);
  expect(JSON.stringify(objects)).not.toContain('STATE_FOLDER');
});

test('a volume for one node is asked for as such', () => {
  const objects = objectsWith('{ store: Volume, volume: { size: 1Gi, accessMode: ReadWriteOnce } }');
  const claim = objects.find(({ kind }) => kind === 'PersistentVolumeClaim');
  expect(claim).toMatchObject({ spec: { accessModes: ['ReadWriteOnce'] } });
  expect(claim?.['spec']).not.toHaveProperty('storageClassName');
});

test('on a laptop it is said to have no effect', () => {
  const { resources } = parseFiles([{ path: 'x.yaml', text: textWith(volume) }]);
  const { problems } = compile(resolve(resources), { target: 'local' });
  const ignored = (field: string) => `Cannot use "${field}" here: it has an effect only in a cluster, it is ignored`;
  expect(problems.map(({ message }) => message)).toEqual([ignored('store'), ignored('volume')]);
});

import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { modelText, rendered } from './rendered.fixture.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  kafka: { brokers: ["kafka:9092"] }
  redis: { addresses: ["redis:6379"] }
  sources: [{ name: demo, generator: {} }]
  outcomes: [{ name: hit, count: { where: event.type == 'repost', atLeast: 10 }, within: 1d }]
${modelText}  variants:
    - { name: champion, share: 90, artifact: { uri: "pvc://models/first.onnx", sha256: "${'0'.repeat(64)}" } }
    - { name: challenger, share: 10, artifact: { uri: "configmap://tiny/m.onnx", sha256: "${'1'.repeat(64)}" } }
  rollout: { champion: champion, challenger: challenger, require: [] }
  outcomeRef: { name: hit }
  training:
    schedule: "0 3 * * *"
    timeZone: Europe/Berlin
    deadline: 20m
    keepRuns: 2
    publish: { volume: { claimName: made, path: /hits/ }, proposeAs: challenger }
`;
const render = (of = text) => rendered(of);
const cronJob = (of: string) => render(of).find(({ kind }) => kind === 'CronJob')?.['spec'];

test('a model that is trained has a CronJob, and what that needs', async () => {
  const objects = render().filter(({ metadata }) => metadata.name.startsWith('news-trainer'));
  await expect(stringify(objects, { aliasDuplicateObjects: false })).toMatchFileSnapshot('golden/training.yaml');
});

test('its scorer has the claim before the first proposal, which then restarts no pod', () => {
  const scorer = render().find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'news-scorer-hits');
  expect(JSON.stringify(scorer)).toContain('"persistentVolumeClaim":{"claimName":"made","readOnly":true}');
});

test('published to a bucket, both ends of a run and the scorer have the Secret for it, and what trains has not', () => {
  const bucket = text
    .replace('volume: { claimName: made, path: /hits/ }', 's3: { uri: s3://made/, secretRef: { name: store } }')
    .replace('keepRuns: 2', 'keepRuns: 2\n    betterThanChampion: true');
  const secret = '"secret":{"secretName":"store","optional":true}';
  const scorer = render(bucket).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('scorer-hits'),
  );
  expect(JSON.stringify(scorer)).toContain(secret);
  expect(JSON.stringify(cronJob(bucket))).toContain(secret);
  const mounted = JSON.stringify(cronJob(bucket)).match(/"mountPath":"[^"]*secrets\/store"/g);
  expect(mounted).toHaveLength(2);
});

test.each([
  { what: 'the training', from: 'keepRuns: 2', to: 'suspend: true' },
  { what: 'its model', from: '  outcomeRef', to: '  suspend: true\n  outcomeRef' },
  { what: 'its pipeline', from: '  kafka:', to: '  suspend: true\n  kafka:' },
])('it is suspended with $what', ({ from, to }) => {
  expect(cronJob(text)).toMatchObject({ suspend: false });
  expect(cronJob(text.replace(from, to))).toMatchObject({ suspend: true });
});

test('image, resources and template of the training are those of the container that trains', () => {
  const own = `image: own, resources: { limits: { memory: 8Gi } }, template: { spec: { nodeSelector: { gpu: "no" } } }`;
  const spec = cronJob(text.replace('keepRuns: 2', own.replaceAll(', ', '\n    ')));
  expect(spec).toMatchObject({
    jobTemplate: {
      spec: {
        template: {
          spec: {
            nodeSelector: { gpu: 'no' },
            initContainers: [
              { name: 'collect', image: 'groundswell' },
              { name: 'train', image: 'own', resources: { limits: { memory: '8Gi' } } },
            ],
            containers: [{ name: 'main', image: 'groundswell' }],
          },
        },
      },
    },
  });
});

import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { modelText, rendered } from './rendered.fixture.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
  alerts:
    channels: [{ name: newsroom, slack: { webhookUrlRef: { name: slack, key: url } } }]
    rules: [{ name: going-viral, when: prediction.score > 0.9, channels: [newsroom] }]
${modelText}`;
const objects = rendered(text).filter(({ metadata }) => metadata.name.startsWith('news-alerter'));

test('alerts run in one pod of their own, which has the secrets as files and no ConfigMap has them', async () => {
  await expect(stringify(objects, { aliasDuplicateObjects: false })).toMatchFileSnapshot('golden/alerter.yaml');
});

import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { renderPrograms } from './index.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
  alerts:
    channels: [{ name: newsroom, slack: { webhookUrlRef: { name: slack, key: url } } }]
    rules: [{ name: going-viral, when: prediction.score > 0.9, channels: [newsroom] }]
---
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: hits }
spec:
  pipelineRef: { name: news }
  features: [{ name: followers, event: event.user.followers }]
`;
const objects = renderPrograms(
  compile(resolve(parseFiles([{ path: 'p.yaml', text }]).resources), { target: 'cluster' }),
  { namespace: 'social' },
).filter(({ metadata }) => metadata.name.startsWith('news-alerter'));

test('alerts run in one pod of their own, which has the secrets as files and no ConfigMap has them', async () => {
  await expect(stringify(objects, { aliasDuplicateObjects: false })).toMatchFileSnapshot('golden/alerter.yaml');
});

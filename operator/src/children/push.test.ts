import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { renderPrograms } from './index.ts';

const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources:
    - { name: site, http: { path: /v1/clicks, apiKeysRef: { name: site, key: keys } } }
  api: { ingress: { host: news.example } }
`;
const objects = renderPrograms(
  compile(resolve(parseFiles([{ path: 'p.yaml', text }]).resources), { target: 'cluster' }),
  { namespace: 'social' },
);
const objectOf = (kind: string, name: string) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

test('a source that takes events has a Service, and the ingress of the API leads there by its path', () => {
  expect(objectOf('Service', 'news-ingest-site')?.['spec']).toEqual({
    selector: { 'app.kubernetes.io/instance': 'news', 'groundswell.dev/program': 'ingest-site' },
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
  });
  expect(objectOf('Ingress', 'news-api')?.['spec']).toEqual({
    rules: [
      {
        host: 'news.example',
        http: {
          paths: [
            {
              path: '/v1/clicks',
              pathType: 'Exact',
              backend: { service: { name: 'news-ingest-site', port: { name: 'http' } } },
            },
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'news-api', port: { name: 'http' } } } },
          ],
        },
      },
    ],
  });
});

test('the values that a program refers to are mounted where it reads them, and in nothing else', () => {
  const rendered = JSON.stringify(objectOf('Deployment', 'news-ingest-site'));
  expect(rendered).toContain(
    '{"name":"values","projected":{"sources":[{"secret":{"name":"site","items":[{"key":"keys","path":"secrets/site/keys"}]}}]}}',
  );
  expect(rendered).toContain('{"name":"values","mountPath":"/etc/groundswell-values","readOnly":true}');
  expect(JSON.stringify(objectOf('Deployment', 'news-api'))).not.toContain('values');
});

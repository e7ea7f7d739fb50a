import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { crdTemplate } from './crd-templates.ts';
import { generatedFiles } from './files.ts';
import { installFile } from './install-file.ts';
import { valueSchema } from './schema.ts';
import { Values } from './values.ts';
import { valuesFile } from './values-file.ts';

const root = join(import.meta.dirname, '../..');

test.each(generatedFiles())('$path is what `npm run generate` writes', ({ path, content }) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(content);
});

test('the file of values holds every default, and nothing that the schema refuses', () => {
  expect(parse(valuesFile())).toEqual(Values.parse({}));
});

test('every value says what it means', () => {
  const undescribed = (schema: ReturnType<typeof valueSchema>, path: string): readonly string[] => [
    ...(schema.description === undefined ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => undescribed(child, `${path}.${name}`)),
  ];
  expect(undescribed(valueSchema(), 'values')).toEqual(['values']);
});

test('braces in the text of a CRD reach the cluster as they are', () => {
  const text = '# Head\nkind: X\nmetadata:\n  name: x\nspec:\n  description: as in {{ .name }}\n';
  expect(crdTemplate({ name: 'x', text })).toContain('description: as in {{ "{{" }} .name }}');
});

test('a CRD without a name where it is looked for is refused', () => {
  expect(() => crdTemplate({ name: 'x', text: 'kind: X\n' })).toThrow(
    'Cannot write the template of x: its metadata does not begin with a name',
  );
});

test('the file for kubectl has its namespace, CRDs and accounts first, and nothing of Helm', () => {
  const rendered = `
kind: Deployment
metadata: { name: d, labels: { app.kubernetes.io/managed-by: Helm, helm.sh/chart: c-1, a: b } }
---
kind: Pod
metadata: { name: test, annotations: { helm.sh/hook: test } }
---
kind: ServiceAccount
metadata: { name: s, annotations: { helm.sh/resource-policy: keep } }
---
kind: CustomResourceDefinition
metadata: { name: c, annotations: { groundswell.dev/chart: c-1, other: x } }
`;
  const [, ...objects] = installFile(rendered, 'space').split('---\n');
  expect(objects.map((text) => parse(text))).toEqual([
    expect.objectContaining({ kind: 'Namespace' }),
    { kind: 'CustomResourceDefinition', metadata: { name: 'c', annotations: { other: 'x' } } },
    { kind: 'ServiceAccount', metadata: { name: 's' } },
    { kind: 'Deployment', metadata: { name: 'd', labels: { a: 'b' } } },
  ]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { group, kinds } from '@groundswell/crds';
import { Document, Scalar } from 'yaml';

const folder = join(import.meta.dirname, '../argo-cd/customizations');
const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');

const block = (text: string): Scalar => {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
};

const actionsOf = (kind: string): readonly string[] =>
  readdirSync(join(folder, 'actions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testdata')
    .map(({ name }) => name)
    .filter((name) => kind === 'ScoringModel' || name === 'pause' || name === 'resume')
    .sort();

/** The value of resource.customizations.actions.…: YAML in YAML, as Argo CD wants it. */
const actions = (kind: string): string =>
  new Document({
    'discovery.lua': block(read('actions', 'discovery.lua')),
    definitions: actionsOf(kind).map((name) => ({ name, 'action.lua': block(read('actions', name, 'action.lua')) })),
  }).toString({ lineWidth: 0 });

/** What Argo CD must be told of our kinds: their health and their actions, as keys of its ConfigMap argocd-cm. */
export const argoConfigMap = (): string => {
  const data = kinds.flatMap(({ kind }) => [
    [`resource.customizations.health.${group}_${kind}`, block(read('health.lua'))],
    [`resource.customizations.actions.${group}_${kind}`, block(actions(kind))],
  ]);
  const document = new Document({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'argocd-cm',
      namespace: 'argocd',
      labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: Object.fromEntries(data),
  });
  document.commentBefore =
    ' Generated from charts/argo-cd/customizations by `npm run generate`. Do not edit.\n kubectl apply --server-side -f this adds its keys to those that are there.';
  return document.toString({ lineWidth: 0 });
};

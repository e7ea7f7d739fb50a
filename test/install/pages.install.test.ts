import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureTools } from '../cluster/build.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { runWith } from '../cluster/kubectl.ts';
import { readPage } from '../docs/page.ts';
import { type Helm, root, startHelm } from './helm.ts';

// The pages for a cluster, followed as a reader does. Blocks that wait for pods (`sh node`) are what `make e2e` does on a node.

let plane: ControlPlane;
let helm: Helm;
let path = '';
beforeAll(async () => {
  plane = await startControlPlane({ controllers: true });
  helm = await startHelm(plane.kubeconfig);
  const folders = Object.values(await ensureTools('kubectl', 'helm')).map((tool) => dirname(tool));
  path = [...folders, process.env['PATH']].join(':');
});
afterAll(async () => {
  helm.stop();
  await plane.stop();
});

const follow = async (page: string): Promise<number> => {
  const { blocks } = await readPage(page);
  const done = blocks.filter(({ language, words }) => language === 'sh' && !words.includes('node'));
  for (const { text } of done)
    await runWith({ command: 'env', kubeconfig: plane.kubeconfig }, [
      ...[`PATH=${path}`, 'bash', '-euo', 'pipefail', '-c', `cd '${root}'\n${text}`],
    ]);
  return done.length;
};

test('Argo CD is taught our kinds, and given our Applications', async () => {
  await plane.kubectl('create', 'namespace', 'argocd');
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  await plane.apply(
    JSON.stringify({
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      metadata: { name: 'applications.argoproj.io' },
      spec: {
        ...{ group: 'argoproj.io', scope: 'Namespaced', names: { kind: 'Application', plural: 'applications' } },
        versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: anything } }],
      },
    }),
  );
  await plane.kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd/applications.argoproj.io');
  expect(await follow('docs/start/argo-cd.md')).toBe(2);
  const made = (what: string) => plane.kubectl('get', what, '--namespace', 'argocd', '-o', 'name');
  expect((await made('applications.argoproj.io')).trim().split('\n')).toHaveLength(2);
  expect(await made('configmap/argocd-cm')).toBe('configmap/argocd-cm\n');
});

test('who does what docs/start/cluster.md says has an operator and a pipeline, changes it, and leaves nothing', async () => {
  expect(await follow('docs/start/cluster.md')).toBeGreaterThan(4);
  const left = await plane.kubectl('get', 'deployment', '-A', '-o', 'name');
  expect(left).toBe('');
});

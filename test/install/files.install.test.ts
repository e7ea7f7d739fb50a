import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { type Manifest, root } from './helm.ts';

// The ways to install without Helm: one file, and folders for kustomize.

const at = (...path: readonly string[]): string => join(root, 'charts/install', ...path);

/** As the Prometheus Operator brings it, as far as an overlay of ours needs it. */
const serviceMonitors = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'servicemonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'ServiceMonitor', plural: 'servicemonitors' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await plane.apply(JSON.stringify(serviceMonitors));
  await plane.kubectl('wait', '--for=condition=Established', '--timeout=60s', `crd/${serviceMonitors.metadata.name}`);
});
afterAll(() => plane?.stop());

/** What stands in the API server of what a command names: kind, name, and a number that grows with each change of what is wanted. */
const standing = async (...what: readonly string[]): Promise<readonly string[]> => {
  const list = JSON.parse(await plane.kubectl('get', ...what, '-o', 'json')) as { items: readonly Manifest[] };
  // Controllers say in its status how a thing stands; only what has a status has a generation.
  return list.items.map(
    ({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation ?? metadata.resourceVersion}`,
  );
};

describe('without Helm', () => {
  // One after the other, as somebody would who tries them all.
  test.each([
    { way: 'the folder of CRDs', what: ['-f', join(root, 'crds/yaml')], count: 5 },
    { way: 'the base for one namespace', what: ['-k', at('one-namespace')], count: 10 },
    { way: 'the overlay for a laptop', what: ['-k', at('overlays/development')], count: 16 },
    { way: 'the overlay with metrics', what: ['-k', at('overlays/monitored')], count: 18 },
    { way: 'one file', what: ['-f', at('all-namespaces/groundswell.yaml')], count: 17 },
  ])('$way is applied, and shows no difference when applied again', async ({ what, count }) => {
    await plane.kubectl('apply', '--server-side', ...what);
    const first = await standing(...what);
    expect(first).toHaveLength(count);
    // Ends with 1, and prints what differs, when something does.
    expect(await plane.kubectl('diff', '--server-side', ...what)).toBe('');
    await plane.kubectl('apply', '--server-side', ...what);
    expect(await standing(...what)).toEqual(first);
  });

  test('the base is the one file', async () => {
    expect(await plane.kubectl('diff', '--server-side', '-k', at('all-namespaces'))).toBe('');
  });

  test('what an overlay changes is seen', async () => {
    const differs = plane.kubectl('diff', '--server-side', '-k', at('overlays/monitored'));
    await expect(differs).rejects.toThrow(/\+ +image: registry.example.com\/groundswell:0.1.0/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFile } from '@groundswell/charts/install-file';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ensureTool } from '../cluster/build.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { applyCrds } from '../cluster/crds.ts';
import { runWith } from '../cluster/kubectl.ts';
import { chart, type Helm, type Manifest, manifestsOf, root, startHelm } from './helm.ts';
import { writeJsonSchemas } from './json-schemas.ts';

/** Everything that can be switched on, switched on. */
const everything = join(import.meta.dirname, 'everything.values.yaml');

const withoutCrds = ['--set', 'crds.install=false'];
const oneNamespace = [...withoutCrds, '--set', 'scope=Namespaced'];

let helm: Helm;
beforeAll(async () => {
  helm = await startHelm();
});
afterAll(() => helm.stop());

const textOf = (objects: readonly Manifest[]): string =>
  objects
    .map((object) => `---\n${stringify(object, { version: '1.1', lineWidth: 140, aliasDuplicateObjects: false })}`)
    .join('');
const one = (objects: readonly Manifest[], kind: string): Manifest => {
  const found = objects.find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
};

describe('the chart', () => {
  test('has nothing that helm lint would say', async () => {
    expect(await helm('lint', '--strict', '--quiet', chart, '--values', everything)).not.toMatch(/ERROR|WARNING/);
  });

  test('renders to these objects with everything switched on', async () => {
    const text = textOf(await helm.template('--values', everything));
    await expect(text).toMatchFileSnapshot('golden/everything.yaml');
  });

  test.each([
    { what: 'all-namespaces/operator.yaml', words: withoutCrds },
    { what: 'one-namespace/operator.yaml', words: oneNamespace },
  ])('with its defaults is charts/install/$what', async ({ what, words }) => {
    const rendered = textOf(await helm.template(...words));
    await expect(installFile(rendered, 'groundswell-system')).toMatchFileSnapshot(join(root, 'charts/install', what));
  });

  test.each([
    { set: 'replica=3', message: "additional properties 'replica' not allowed" },
    { set: 'image.digest=abc', message: 'does not match pattern' },
    { set: 'scope=Everything', message: "value must be one of 'Cluster', 'Namespaced'" },
    { set: 'replicas=-1', message: 'minimum: got -1, want 0' },
    {
      set: 'serviceAccount.create=false',
      message: 'Cannot run without a ServiceAccount: serviceAccount.create is false, serviceAccount.name is needed',
    },
  ])('refuses --set $set', async ({ set, message }) => {
    await expect(helm.template('--set', set)).rejects.toThrow(message);
  });

  test('takes an image by its digest', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const objects = await helm.template('--set', `image.registry=registry.example.com/team,image.digest=${digest}`);
    const [container] = one(objects, 'Deployment')['spec'].template.spec.containers;
    expect(container.image).toBe(`registry.example.com/team/groundswell:0.1.0@${digest}`);
    expect(container.args).toContain(`--image=${container.image}`);
  });

  test('marks its CRDs to be kept, unless told otherwise', async () => {
    const policies = async (...words: readonly string[]) =>
      (await helm.template(...words))
        .filter(({ kind }) => kind === 'CustomResourceDefinition')
        .map(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy']);
    expect(await policies()).toEqual(Array.from({ length: 5 }, () => 'keep'));
    expect(await policies('--set', 'crds.keep=false')).toEqual(Array.from({ length: 5 }, () => undefined));
    expect(await policies(...withoutCrds)).toEqual([]);
  });

  test('asks for nothing cluster-wide when it is for one namespace', async () => {
    const clusterWide = (await helm.template(...oneNamespace)).filter(
      ({ metadata }) => metadata.namespace === undefined,
    );
    expect(clusterWide).toEqual([]);
  });

  test('keeps apart two releases, in what they select and in what is cluster-wide', async () => {
    const rendered = async (name: string, namespace: string) =>
      manifestsOf(await helm('template', name, chart, '-n', namespace, ...withoutCrds));
    const [a, b] = await Promise.all([rendered('a', 'one'), rendered('b', 'two')]);
    const identities = (objects: readonly Manifest[]) =>
      objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].join('/'));
    expect(identities(a).filter((identity) => identities(b).includes(identity))).toEqual([]);
    expect(one(a, 'Service')['spec'].selector).not.toEqual(one(b, 'Service')['spec'].selector);
  });

  test('leads no traffic and no budget to the pod of helm test', async () => {
    const objects = await helm.template();
    const labels = one(objects, 'Pod').metadata.labels ?? {};
    const selector: Record<string, string> = one(objects, 'Service')['spec'].selector;
    expect(Object.entries(selector).every(([key, value]) => labels[key] === value)).toBe(false);
  });
});

describe('the API server', () => {
  let plane: ControlPlane;
  let folder: string;
  let schemas: string;
  beforeAll(async () => {
    plane = await startControlPlane();
    await applyCrds(plane);
    folder = mkdtempSync(join(tmpdir(), 'groundswell-schemas-'));
    schemas = writeJsonSchemas(await plane.kubectl('get', '--raw', '/openapi/v2'), folder);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane.stop();
  });

  const conform = async (text: string): Promise<string> => {
    const command = await ensureTool('kubeconform');
    // Kinds of others, which this API server does not know.
    const words = ['-strict', '-summary', '-skip', 'ServiceMonitor', '-schema-location', schemas];
    const file = join(folder, 'manifest.yaml');
    writeFileSync(file, text);
    return runWith({ command, kubeconfig: plane.kubeconfig }, [...words, file]);
  };

  test.each([
    { what: 'the defaults', words: [] },
    { what: 'one namespace', words: oneNamespace },
    { what: 'everything', words: ['--values', everything] },
  ])('knows every field that $what have, by its own OpenAPI', async ({ words }) => {
    expect(await conform(textOf(await helm.template(...words)))).toMatch(/Invalid: 0, Errors: 0/);
  });

  test('would refuse a field that it does not know', async () => {
    const [object] = (await helm.template(...withoutCrds)).filter(({ kind }) => kind === 'Deployment');
    const wrong = { ...object, spec: { ...object?.['spec'], replica: 1 } };
    await expect(conform(stringify(wrong))).rejects.toThrow(/additional properties 'replica' not allowed/);
  });

  const overlays = ['all-namespaces', 'one-namespace', 'overlays/development', 'overlays/monitored'];
  test.each(overlays)('knows every field of kustomize %s', async (name) => {
    const text = await plane.kubectl('kustomize', join(root, 'charts/install', name));
    expect(await conform(text)).toMatch(/Invalid: 0, Errors: 0/);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '@groundswell/crds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, openApi } from '../cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { applyCrds } from '../cluster/crds.ts';
import { eventually } from '../operator/world.ts';
import { type Helm, type Manifest, manifestsOf, root, startHelm } from './helm.ts';

// From the release on, v1alpha1 only grows: what the CRDs of the version before this one took, these take, and it means what it meant.

const previousChart = join(import.meta.dirname, 'previous/groundswell-0.1.0-alpha.1.tgz');

let plane: ControlPlane;
let api: Api;
let helm: Helm;
let previous: readonly Manifest[];
beforeAll(async () => {
  helm = await startHelm();
  const all = manifestsOf(await helm('template', 'groundswell', previousChart));
  previous = all.filter(({ kind }) => kind === 'CustomResourceDefinition');
  plane = await startControlPlane();
  api = await openApi(plane);
});
afterAll(async () => {
  helm?.stop();
  await api?.close();
  await plane?.stop();
});

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly [bound: string]: unknown;
}

const lower = ['minimum', 'minLength', 'minItems', 'minProperties'];
const upper = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];
const within = (before: Schema, now: Schema): readonly string[] => [
  ...lower.filter((bound) => now[bound] !== undefined && Number(now[bound]) > Number(before[bound] ?? -Infinity)),
  ...upper.filter((bound) => now[bound] !== undefined && Number(now[bound]) < Number(before[bound] ?? Infinity)),
];

/** How a schema takes less than it took, or says something else where nothing is written. */
const narrowings = (before: Schema, now: Schema | undefined, at: string): readonly string[] => {
  if (now === undefined) return [`${at} is gone`];
  const children = Object.entries(before.properties ?? {}).flatMap(([name, child]) =>
    narrowings(child, now.properties?.[name], `${at}.${name}`),
  );
  const inner = (name: 'items' | 'additionalProperties') =>
    typeof before[name] === 'object' ? narrowings(before[name] as Schema, now[name] as Schema, `${at}[]`) : [];
  const newlyRequired = (now.required ?? []).filter((name) => !before.required?.includes(name));
  return [
    ...(before.type === now.type ? [] : [`${at} was ${before.type}, is ${now.type}`]),
    ...(before.enum ?? [])
      .filter((value) => !now.enum?.includes(value))
      .map((value) => `${at} no longer takes ${value}`),
    ...(before.enum === undefined && now.enum !== undefined ? [`${at} takes only some`] : []),
    ...newlyRequired.map((name) => `${at} needs ${name}`),
    ...within(before, now).map((bound) => `${at} has another ${bound}`),
    ...(before.default !== undefined && JSON.stringify(before.default) !== JSON.stringify(now.default)
      ? [`${at} has another default`]
      : []),
    ...children,
    ...inner('items'),
    ...inner('additionalProperties'),
  ];
};

const specIn = ({ spec }: Manifest): Schema => spec.versions[0].schema.openAPIV3Schema.properties.spec;
const presentOf = (name: string): Manifest | undefined =>
  manifestsOf(readFileSync(join(root, 'crds/yaml', `${name.split('.')[0]}.yaml`), 'utf8'))[0];

/** What was narrowed since the preview, which promised nothing. Nothing is ever added here after 0.1.0. */
const beforeTheRelease = [
  'FeatureWindow.flink.version has another default',
  'FeatureWindow.window.pattern.tag has another maxLength',
  'Feed.fanOut has another default',
  'Feed.fanOut.page has another maximum',
  'Feed.fanOut.page has another default',
  'Feed.fanOut.batch has another default',
  'ViralityPipeline.alerts needs channels',
  'ViralityPipeline.alerts.channels has another minItems',
  'ViralityPipeline.alerts.channels has another default',
];

test('no field of a spec is gone, takes less than it took, or has another default', () => {
  expect(previous).toHaveLength(kinds.length);
  const found = previous.flatMap((crd) => {
    const now = presentOf(crd.metadata.name);
    return narrowings(specIn(crd), now && specIn(now), crd.spec.names.kind);
  });
  expect(found).toEqual(beforeTheRelease);
});

/** Everything that the project shows how to write. */
const written = (): readonly Manifest[] => {
  const files = [
    'examples/*/*.yaml',
    'runtimes/lib/graph/src/golden/everything.yaml',
    'operator/src/children/golden/resources.yaml',
  ];
  const texts = files
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const shown = [...texts, ...kinds.map(({ example }) => example)].flatMap(manifestsOf);
  return shown.filter(
    ({ apiVersion, kind }) => apiVersion?.startsWith('groundswell.dev/') && kinds.some((one) => one.kind === kind),
  );
};
const pathOf = ({ kind, apiVersion }: Manifest, namespace: string): string =>
  `/apis/${apiVersion}/namespaces/${namespace}/${kinds.find((one) => one.kind === kind)?.plural}`;
const create = (object: Manifest, namespace: string) =>
  api.request('POST', `${pathOf(object, namespace)}?fieldValidation=Strict`, {
    ...object,
    metadata: { name: object.metadata.name, namespace },
  });

test('what the version before took is kept as it was, and is taken again', async () => {
  await plane.apply(previous.map((crd) => JSON.stringify(crd)).join('\n---\n'));
  await plane.kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all');
  // The same names stand in several examples.
  const objects = written().map(
    (object, i) => ({ ...object, metadata: { ...object.metadata, name: `r${i}` } }) as Manifest,
  );
  const served = await eventually('its kinds are served', () => create(objects[0] as Manifest, 'default'), {
    isSo: ({ status }) => status !== 404,
  });
  expect(served.status).toBe(201);
  const stored: Manifest[] = [objects[0] as Manifest];
  for (const object of objects.slice(1)) if ((await create(object, 'default')).status === 201) stored.push(object);
  expect(stored.length).toBeGreaterThan(objects.length / 2);
  const read = async (object: Manifest) =>
    (await api.request('GET', `${pathOf(object, 'default')}/${object.metadata.name}`)).body as unknown as Manifest;
  const before = await Promise.all(stored.map(read));

  await applyCrds(plane);
  await plane.kubectl('create', 'namespace', 'again');
  for (const object of before) {
    const again = () => create(object, 'again');
    // A server follows a changed schema within a second or two.
    await eventually(`${object.kind} ${object.metadata.name} is taken`, again, {
      isSo: ({ status }) => status === 201 || status === 409,
    });
    expect((await read(object)).spec).toMatchObject(object.spec);
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { defaultImages } from '../children/render.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { observedWith } from '../resources.fixture.ts';
import type { Observed } from './observed.ts';
import { type Plan, plan } from './plan.ts';

const written = readFileSync(join(import.meta.dirname, '../children/golden/resources.yaml'), 'utf8');

/** As the API server would give them. */
const resourcesOf = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text).map((document) => {
    const object = document.toJS() as KubeObject;
    const { name } = object.metadata;
    return { ...object, metadata: { ...object.metadata, namespace: 'social', uid: `uid-${name}`, generation: 1 } };
  });

const observed = (change: Partial<Observed>): Observed => observedWith({ resources: resourcesOf(written), ...change });

const planned = (change: Partial<Observed> = {}): Plan => plan(observed(change), { images: defaultImages });

/** What there is after a plan was applied, and its pods came. */
const standing = ({ objects }: Plan): readonly KubeObject[] =>
  objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, uid: `uid-${object.kind}-${object.metadata.name}`, generation: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
  }));

const names = (
  objects: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[],
  kind: string,
) => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

const without = (kind: string) => resourcesOf(written).filter((object) => object.kind !== kind);
const changed = (kind: string, from: string, to: string) =>
  resourcesOf(written).map((object) =>
    object.kind === kind ? (JSON.parse(JSON.stringify(object).replace(from, to)) as KubeObject) : object,
  );

test.each([
  {
    what: 'engine: Flink\n  emit: EveryWindow\n  sinks: [{ topic: { name: reposts } }]',
    kind: 'FlinkDeployment',
    said: 'Cannot run on Flink: the cluster has no FlinkDeployment',
  },
  {
    what: 'autoscaling: { by: KEDA, maxReplicas: 2 }',
    kind: 'ScaledObject',
    said: 'Cannot scale by KEDA: the cluster has no ScaledObject',
  },
])('a window that needs a $kind waits for the API of others, and goes on when it comes', ({ what, kind, said }) => {
  const resources = resourcesOf(written.replace('  key: [post_id]', `  ${what}\n  key: [post_id]`));
  const waits = planned({ resources });
  const verdict = (of: Plan) => of.verdicts.find(({ object }) => object.metadata.name === 'post-10m');
  expect(verdict(waits)?.refused).toEqual([]);
  expect(verdict(waits)?.waiting).toEqual([expect.stringContaining(said)]);
  expect(waits.objects.map(({ metadata }) => metadata.name)).not.toContain('news-window-post-10m');
  const goesOn = planned({ resources, served: new Set([kind]) });
  expect(verdict(goesOn)?.waiting).toEqual([]);
  expect(goesOn.objects.map((object) => object.kind)).toContain(kind);
});

test('planning again, with what the plan made standing there, gives the same plan and removes nothing', () => {
  const first = planned();
  expect(first.objects.length).toBeGreaterThan(15);
  const second = planned({ children: standing(first) });
  expect(second.objects).toEqual(first.objects);
  expect(second.remove).toEqual([]);
});

test('every object belongs to the resource that it comes from', () => {
  for (const { metadata, kind } of planned().objects) {
    expect(metadata.ownerReferences, `${kind} ${metadata.name}`).toHaveLength(1);
    expect(metadata.ownerReferences?.[0]).toMatchObject({ controller: true, uid: expect.stringMatching(/^uid-/) });
  }
});

test('what a deleted window had is removed, and the model that reads it waits and keeps its pods', () => {
  const before = planned();
  const { remove, verdicts, objects } = planned({
    resources: without('FeatureWindow'),
    children: standing(before),
  });
  expect(names(remove, 'Deployment')).toEqual(['news-window-post-10m']);
  expect(names(objects, 'Deployment')).not.toContain('news-scorer-hits');
  expect(verdicts.find(({ object }) => object.kind === 'ScoringModel')?.waiting).toEqual([
    'spec.features[0].window.ref.name: Cannot find FeatureWindow "post-10m": there is none at all, one is needed',
  ]);
  expect(verdicts.find(({ object }) => object.kind === 'ScoringModel')?.refused).toEqual([]);
});

test('a resource that is refused keeps what it had, and the others go on', () => {
  const before = planned();
  const { remove, verdicts, objects } = planned({
    resources: changed('FeatureWindow', '"by":"event.type"', '"by":"event.tpye"'),
    children: standing(before),
  });
  expect(remove).toEqual([]);
  expect(names(objects, 'Deployment')).toEqual(['news-ingest-bluesky', 'news-scorer-hits', 'news-api']);
  expect(verdicts.find(({ object }) => object.kind === 'FeatureWindow')?.refused).toEqual([
    expect.stringContaining('"tpye"'),
  ]);
});

test('without its pipeline nothing runs, and what ran is removed', () => {
  const before = planned();
  const { objects, remove, verdicts } = planned({
    resources: without('ViralityPipeline'),
    children: standing(before),
  });
  expect(objects).toEqual([]);
  expect(remove).toHaveLength(before.objects.length);
  expect(verdicts.map(({ waiting }) => waiting.length > 0)).toEqual([true, true]);
});

test('a pipeline that is refused leaves its parts as they are', () => {
  const before = planned();
  const { objects, remove, verdicts } = planned({
    resources: changed('ViralityPipeline', '"bluesky":{}', '"mastodon":{"instance":"https://m.example"}'),
    children: standing(before),
  });
  expect(verdicts[0]?.refused).not.toEqual([]);
  expect(objects).toEqual([]);
  expect(remove).toEqual([]);
});

test('suspended, everything stays but the pods', () => {
  const awake = planned();
  const asleep = planned({ resources: changed('ViralityPipeline', '"spec":{', '"spec":{"suspend":true,') });
  expect(names(asleep.objects, 'Service')).toEqual(names(awake.objects, 'Service'));
  const replicas = asleep.objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ spec }) => (spec as { replicas: number }).replicas);
  expect(replicas).toEqual([0, 0, 0, 0]);
});

test('while reconciliation is paused nothing is written or removed', () => {
  const before = planned();
  const paused = resourcesOf(written).map((object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { 'groundswell.dev/pause-reconciliation': 'true' } },
  }));
  const { objects, remove, verdicts } = planned({
    resources: paused.slice(0, 2),
    children: standing(before).slice(1),
  });
  expect([objects, remove.filter((object) => object.metadata.ownerReferences?.[0]?.kind !== 'ScoringModel')]).toEqual([
    [],
    [],
  ]);
  expect(verdicts.every(({ paused: isPaused }) => isPaused)).toBe(true);
});

test('an old ConfigMap stays until no pod of its revision can start any more', () => {
  const before = standing(planned());
  const resources = changed('FeatureWindow', '"key":["post_id"]', '"emit":"EveryWindow","key":["post_id"]');
  const rolling = before.map((object) =>
    object.metadata.name === 'news-window-post-10m' && object.kind === 'Deployment'
      ? { ...object, status: { observedGeneration: 1, replicas: 1, updatedReplicas: 0, readyReplicas: 1 } }
      : object,
  );
  expect(names(planned({ resources, children: rolling }).remove, 'ConfigMap')).toEqual([]);
  expect(names(planned({ resources, children: before }).remove, 'ConfigMap')).toEqual([
    expect.stringMatching(/^news-window-post-10m-/),
  ]);
});

test('an old script of a Flink job stays until the job runs the new one', () => {
  const flink = 'engine: Flink\n  emit: EveryWindow\n  sinks: [{ topic: { name: reposts } }]\n  key: [post_id]';
  const [old, changed] = ['10m', '20m'].map((size) =>
    resourcesOf(written.replace('key: [post_id]', flink).replace('size: 10m', `size: ${size}`)),
  );
  const served = new Set(['FlinkDeployment']);
  const children = (lifecycleState: string) =>
    standing(planned({ resources: old ?? [], served })).map((object) =>
      object.kind === 'FlinkDeployment'
        ? { ...object, status: { observedGeneration: 1, lifecycleState, jobStatus: { state: 'RUNNING' } } }
        : object,
    );
  const removed = (lifecycleState: string) =>
    names(planned({ resources: changed ?? [], served, children: children(lifecycleState) }).remove, 'ConfigMap');
  expect(removed('DEPLOYED')).toEqual([]);
  expect(removed('STABLE')).toEqual([expect.stringMatching(/^news-window-post-10m-/)]);
});

test('a Secret that is missing is waited for by name', () => {
  const resources = changed(
    'ViralityPipeline',
    '"spec":{',
    '"spec":{"redis":{"addresses":["r:6379"],"passwordRef":{"name":"redis","key":"password"}},',
  );
  expect(planned({ resources }).verdicts[0]?.waiting).toEqual([
    'Cannot find Secret "redis": there is none of that name, create it and the pods go on by themselves',
  ]);
  expect(planned({ resources, secrets: new Set(['redis']) }).verdicts[0]?.waiting).toEqual([]);
});

test('the number of pods is what was decided, else what stands there, within its bounds', () => {
  const autoscaling = '"key":["post_id"],"autoscaling":{"minReplicas":2,"maxReplicas":5}';
  const resources = changed('FeatureWindow', '"key":["post_id"]', autoscaling);
  const replicas = (change: Partial<Observed>) => {
    const { objects } = planned({ resources, ...change });
    const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('window'));
    return (found?.['spec'] as { replicas: number } | undefined)?.replicas;
  };
  const scaling = (to: number, applied = true): Observed['scaling'] =>
    new Map([
      ['window-post-10m', { decision: { from: 2, to, reason: 'Backlog', message: '' }, decidedAt: 0, applied }],
    ]);
  expect(replicas({})).toBe(2);
  expect(replicas({ scaling: scaling(4) })).toBe(4);
  expect(replicas({ scaling: scaling(9) })).toBe(5);
  const first = planned({ resources, scaling: scaling(3) });
  expect(replicas({ children: standing(first) })).toBe(3);
  const only = JSON.parse(JSON.stringify(resources).replace('"minReplicas"', '"mode":"Recommend","minReplicas"'));
  expect(replicas({ resources: only, scaling: scaling(4, false), children: standing(first) })).toBe(3);
});

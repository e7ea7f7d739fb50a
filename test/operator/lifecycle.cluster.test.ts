import { setTimeout as wait } from 'node:timers/promises';
import { leaseRules, workRules } from '@groundswell/operator/access';
import type { KubeObject } from '@groundswell/operator/kube';
import { optionalTypes } from '@groundswell/operator/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantedRights, requestsOf, usedRights, writesOf } from './audit.ts';
import type { OperatorProcess } from './operator-process.ts';
import { optionalCrds } from './optional-apis.ts';
import { featureWindow, inNamespace, pipeline, scoringModel, type Written } from './resources.ts';
import { conditionOf, eventually, find, namesOf, startWorld, type World } from './world.ts';

let world: World;
let operator: OperatorProcess;
beforeAll(async () => {
  world = await startWorld();
  // So often that a write without need would show at once.
  operator = await world.operator({ 'resync-seconds': '1', 'apis-seconds': '1' });
});
afterAll(() => world?.stop());

const namespace = async (name: string): Promise<string> => {
  await world.plane.kubectl('create', 'namespace', name);
  return name;
};
const all = (name: string) => [
  pipeline(name),
  featureWindow('post-10m', name),
  scoringModel('hits', name, { window: 'post-10m' }),
];
const apply = (space: string, objects: readonly Written[]) => world.plane.apply(inNamespace(space, objects));

const ready = async (space: string, count: number): Promise<readonly KubeObject[]> =>
  eventually(`all resources of ${space} are ready`, () => world.resources(space), {
    isSo: (seen) => seen.length === count && seen.every((object) => conditionOf(object, 'Ready')?.status === 'True'),
  });

const deployment = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' };

test('resources become running programs, and say that they are ready', async () => {
  const space = await namespace('create');
  await apply(space, all('news'));
  const resources = await ready(space, 3);
  const children = await world.children(space);
  const programs = ['news-api', 'news-ingest-demo', 'news-scorer-hits', 'news-window-post-10m'];
  expect(namesOf(children, 'Deployment')).toEqual(programs);
  expect(namesOf(children, 'ServiceAccount')).toEqual(programs);
  expect(namesOf(children, 'ConfigMap')).toHaveLength(4);
  for (const { status, metadata, kind } of resources)
    expect(status, kind).toMatchObject({ phase: 'Running', observedGeneration: metadata.generation });
  expect(find(resources, 'ViralityPipeline', 'news')?.['status']).toMatchObject({
    summary: { sources: '1/1', windows: '1/1', models: '1/1' },
    trial: false,
  });
  expect(find(resources, 'FeatureWindow', 'post-10m')?.['status']).toMatchObject({
    window: 'hop 10m/10s',
    replicas: 1,
    readyReplicas: 1,
    selector: 'app.kubernetes.io/instance=news,groundswell.dev/program=window-post-10m',
  });
});

test('nothing is written while nothing changes', async () => {
  await eventually(
    'the operator has come to rest',
    async () => {
      const before = writesOf(requestsOf(world.plane.auditLog)).length;
      await wait(2_000);
      return writesOf(requestsOf(world.plane.auditLog)).length - before;
    },
    { isSo: (written) => written === 0 },
  );
  const before = writesOf(requestsOf(world.plane.auditLog)).length;
  const reconciled = await operator.metric('controller_runtime_reconcile_total');
  await eventually(
    'it has looked at everything five times more',
    () => operator.metric('controller_runtime_reconcile_total'),
    {
      isSo: (count) => count >= reconciled + 5,
    },
  );
  expect(writesOf(requestsOf(world.plane.auditLog)).slice(before)).toEqual([]);
});

test('a live change keeps the pods, another one replaces them', async () => {
  const space = await namespace('change');
  await apply(space, all('news'));
  await ready(space, 3);
  const template = async () => {
    const found = find(await world.children(space), 'Deployment', 'news-window-post-10m');
    return JSON.stringify((found?.['spec'] as { template: unknown } | undefined)?.template);
  };
  const program = async () => {
    const maps = (await world.children(space)).filter(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && metadata.labels?.['groundswell.dev/program'] === 'window-post-10m',
    );
    return maps.map((map) => (map['data'] as Record<string, string>)['program.json'] ?? '');
  };
  const before = await template();
  const weighted = { name: 'engagement', weightedSum: { by: 'event.type', weights: { like: 1, repost: 9 } } };
  await apply(space, [featureWindow('post-10m', 'news', { aggregations: [{ name: 'reposts', count: {} }, weighted] })]);
  await eventually('the ConfigMap has the new weight', program, {
    isSo: ([text = '']) => text.includes('"repost": 9'),
  });
  expect(await template()).toBe(before);
  const window = { hop: { size: '20m', every: '10s' } };
  await apply(space, [featureWindow('post-10m', 'news', { window })]);
  await eventually('the ConfigMap has the new definition', program, {
    isSo: ([text = '']) => text.includes('1200000'),
  });
  expect(await template()).toBe(before);
  await apply(space, [featureWindow('post-10m', 'news', { window, emit: 'EveryWindow' })]);
  await eventually('the pods are new', template, { isSo: (text) => text !== before });
  await eventually('the old ConfigMap is gone', program, {
    isSo: (texts) => texts.length === 1 && texts[0]?.includes('EveryWindow') === true,
  });
});

test('what somebody else deletes or changes is repaired; what somebody else adds stays', async () => {
  const space = await namespace('drift');
  await apply(space, all('news'));
  await ready(space, 3);
  const { kubectl } = world.plane;
  await kubectl('-n', space, 'annotate', 'deployment/news-api', 'example.com/theirs=1');
  await kubectl('-n', space, 'delete', 'service/news-api', 'deployment/news-window-post-10m');
  await kubectl('-n', space, 'set', 'image', 'deployment/news-api', 'main=evil');
  await eventually('all is repaired', () => world.children(space), {
    isSo: (children) =>
      find(children, 'Service', 'news-api') !== undefined &&
      find(children, 'Deployment', 'news-window-post-10m') !== undefined &&
      !JSON.stringify(find(children, 'Deployment', 'news-api')).includes('"evil"'),
  });
  const api = await world.kube.get(deployment, { namespace: space, name: 'news-api' });
  expect(api.metadata.annotations?.['example.com/theirs']).toBe('1');
});

test('a model that is trained has a CronJob, whose last result stands in its status, and goes when training does', async () => {
  const space = await namespace('training');
  const { kubectl } = world.plane;
  const [vp, fw] = all('news');
  const training = { schedule: '0 3 * * *', publish: { volume: { claimName: 'models' } } };
  const trained = scoringModel('hits', 'news', { window: 'post-10m', training });
  await apply(space, [vp, fw, trained] as readonly Written[]);
  await ready(space, 3);
  const cronJob = async () => find(await world.children(space), 'CronJob', 'news-trainer-hits');
  const uid = (await cronJob())?.metadata.uid;
  await kubectl('-n', space, 'delete', 'cronjob', 'news-trainer-hits');
  await eventually('it is repaired', cronJob, { isSo: (seen) => seen !== undefined && seen.metadata.uid !== uid });
  await apply(space, [pipeline('news', { suspend: true })]);
  const isSuspended = (wanted: boolean) => (seen: KubeObject | undefined) =>
    (seen?.['spec'] as { suspend: boolean } | undefined)?.suspend === wanted;
  await eventually('it is suspended', cronJob, { isSo: isSuspended(true) });
  await apply(space, [pipeline('news', { suspend: false })]);
  await eventually('it goes on', cronJob, { isSo: isSuspended(false) });

  // What its pod does when a run has ended: with its own rights, and no others.
  const state = 'news-trainer-hits-state';
  const trainer = `--as=system:serviceaccount:${space}:news-trainer-hits`;
  const run = { at: 0, result: 'Refused', message: 'Auc is 0.6, 0.78 is needed', rows: 900, positives: 90, auc: 0.6 };
  const data = { 'training.json': JSON.stringify({ run, proposed: {} }) };
  await kubectl('-n', space, trainer, 'patch', 'configmap', state, '--type=merge', '-p', JSON.stringify({ data }));
  const may = async (...words: readonly string[]) =>
    (await kubectl('-n', space, 'auth', 'can-i', ...words, trainer).catch(() => 'no')).trim();
  expect(await may('get', `configmap/${state}`)).toBe('yes');
  expect(await may('get', 'configmaps')).toBe('no');
  expect(await may('get', 'secrets')).toBe('no');
  const status = async () => find(await world.resources(space), 'ScoringModel', 'hits')?.['status'];
  await eventually('its result is told', status, {
    isSo: (seen) => (seen as { training?: { rows?: number } }).training?.rows === 900,
  });
  await apply(space, [scoringModel('hits', 'news', { window: 'post-10m' })]);
  await eventually('nothing of it is left', () => world.children(space), {
    isSo: (seen) => seen.every(({ metadata }) => !metadata.name.startsWith('news-trainer')),
  });
});

test('the number of pods is left alone under a HorizontalPodAutoscaler, and taken back after it', async () => {
  const space = await namespace('autoscaler');
  const name = 'news-window-post-10m';
  const scaledBy = (spec: object) => apply(space, [pipeline('news'), featureWindow('post-10m', 'news', spec)]);
  await scaledBy({ autoscaling: { by: 'HPA', maxReplicas: 6 } });
  await ready(space, 2);
  expect(namesOf(await world.children(space), 'HorizontalPodAutoscaler')).toEqual([name]);
  await world.plane.kubectl('-n', space, 'scale', `deployment/${name}`, '--replicas=3');
  const reconciled = await operator.metric('controller_runtime_reconcile_total');
  await eventually('it has looked again', () => operator.metric('controller_runtime_reconcile_total'), {
    isSo: (count) => count > reconciled + 20,
  });
  const wanted = async () => {
    const found = await world.kube.get(deployment, { namespace: space, name });
    return (found['spec'] as { replicas: number }).replicas;
  };
  expect(await wanted()).toBe(3);
  await scaledBy({ replicas: 2 });
  await eventually('two pods are wanted', wanted, { isSo: (count) => count === 2 });
  await eventually('nothing else scales it', () => world.children(space), {
    isSo: (seen) => namesOf(seen, 'HorizontalPodAutoscaler').length === 0,
  });
});

test('a missing reference is waited for by name, and found when it comes', async () => {
  const space = await namespace('waiting');
  const [vp, fw, sm] = all('news') as [
    ReturnType<typeof pipeline>,
    ReturnType<typeof featureWindow>,
    ReturnType<typeof scoringModel>,
  ];
  await apply(space, [sm]);
  const waiting = async () => {
    return conditionOf(find(await world.resources(space), 'ScoringModel', 'hits'), 'ReferencesResolved');
  };
  await eventually('the model waits', waiting, {
    isSo: (seen) =>
      seen?.status === 'False' &&
      seen.message.includes('ViralityPipeline "news"') &&
      seen.message.includes('FeatureWindow "post-10m"'),
  });
  await apply(space, [vp]);
  await eventually('only the window is missing', waiting, {
    isSo: (seen) => seen?.status === 'False' && !seen.message.includes('ViralityPipeline'),
  });
  await apply(space, [fw]);
  await ready(space, 3);
});

test('one broken resource stops no other, and keeps what it had', async () => {
  const space = await namespace('broken');
  await apply(space, [...all('news'), featureWindow('bad', 'news')]);
  await ready(space, 4);
  await apply(space, [featureWindow('bad', 'news', { key: ['no_such_field'] }), featureWindow('more', 'news')]);
  const seen = await eventually('the bad one says so and the other runs', () => world.resources(space), {
    isSo: (resources) =>
      conditionOf(find(resources, 'FeatureWindow', 'bad'), 'Accepted')?.status === 'False' &&
      conditionOf(find(resources, 'FeatureWindow', 'more'), 'Ready')?.status === 'True',
  });
  expect(conditionOf(find(seen, 'FeatureWindow', 'bad'), 'Accepted')).toMatchObject({
    reason: 'Refused',
    message: expect.stringContaining('Cannot count by "no_such_field"'),
    observedGeneration: 2,
  });
  expect(namesOf(await world.children(space), 'Deployment')).toContain('news-window-bad');
});

test('what is suspended has no pods, and goes on', async () => {
  const space = await namespace('suspended');
  await apply(space, all('news'));
  await ready(space, 3);
  const replicas = async () =>
    (await world.children(space))
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata, spec }) => `${metadata.name} ${(spec as { replicas: number }).replicas}`);
  await apply(space, [pipeline('news', { suspend: true })]);
  await eventually('no pod is wanted', replicas, {
    isSo: (counts) => counts.length === 4 && counts.every((count) => count.endsWith(' 0')),
  });
  await eventually('it says so', () => world.resources(space), {
    isSo: (resources) => resources.every(({ status }) => (status as { phase: string }).phase === 'Suspended'),
  });
  await apply(space, [pipeline('news', { suspend: false })]);
  await eventually('all pods are wanted', replicas, {
    isSo: (counts) => counts.length === 4 && counts.every((count) => count.endsWith(' 1')),
  });
});

test('while reconciliation is paused nothing is repaired', async () => {
  const space = await namespace('paused');
  await apply(space, all('news'));
  await ready(space, 3);
  const { kubectl } = world.plane;
  await kubectl('-n', space, 'annotate', 'vp/news', 'groundswell.dev/pause-reconciliation=true');
  await eventually('all say so', () => world.resources(space), {
    isSo: (resources) => resources.every((object) => conditionOf(object, 'ReconciliationPaused')?.status === 'True'),
  });
  await kubectl('-n', space, 'delete', 'service/news-api');
  const reconciled = await operator.metric('controller_runtime_reconcile_total');
  await eventually('it has looked again', () => operator.metric('controller_runtime_reconcile_total'), {
    isSo: (count) => count > reconciled + 20,
  });
  expect(namesOf(await world.children(space), 'Service')).not.toContain('news-api');
  await kubectl('-n', space, 'annotate', 'vp/news', 'groundswell.dev/pause-reconciliation-');
  await eventually('it is repaired', () => world.children(space), {
    isSo: (seen) => namesOf(seen, 'Service').includes('news-api'),
  });
});

test('an object of somebody else is not taken over', async () => {
  const space = await namespace('foreign');
  await world.plane.kubectl('-n', space, 'create', 'service', 'clusterip', 'news-api', '--tcp=80');
  await apply(space, all('news'));
  const seen = await eventually('the pipeline says so', () => world.resources(space), {
    isSo: (resources) => conditionOf(find(resources, 'ViralityPipeline', 'news'), 'Ready')?.reason === 'ApplyFailed',
  });
  expect(conditionOf(find(seen, 'ViralityPipeline', 'news'), 'Stalled')?.message).toContain(
    'Cannot make Service "news-api": there is one already and the operator did not make it',
  );
  await world.plane.kubectl('-n', space, 'delete', 'service', 'news-api');
  await ready(space, 3);
});

test('what is deleted leaves nothing behind, also when it moved to another pipeline', async () => {
  const space = await namespace('deleted');
  await apply(space, [...all('news'), pipeline('other')]);
  await ready(space, 4);
  await world.plane.kubectl('-n', space, 'delete', 'sm/hits', 'fw/post-10m');
  await apply(space, [featureWindow('mover', 'news')]);
  await eventually('it runs', () => world.children(space), {
    isSo: (seen) => namesOf(seen, 'Deployment').includes('news-window-mover'),
  });
  await apply(space, [featureWindow('mover', 'other')]);
  await eventually('it has moved', () => world.children(space), {
    isSo: (seen) =>
      namesOf(seen, 'Deployment').join() === 'news-api,news-ingest-demo,other-api,other-ingest-demo,other-window-mover',
  });
  await world.plane.kubectl('-n', space, 'delete', 'vp,fw', '--all');
  await eventually('nothing is left', () => world.children(space), { isSo: (seen) => seen.length === 0 });
});

test('a pipeline without Kafka and Redis gets small ones, and says that they are for trying out', async () => {
  const space = await namespace('trial');
  const { kafka: _, redis: __, ...spec } = pipeline('news').spec as Record<string, unknown>;
  const api = { replicas: 2, ingress: { host: 'news.example.com' } };
  const small = { ...pipeline('news'), spec: { ...spec, api } };
  await apply(space, [small]);
  const [resource] = await ready(space, 1);
  expect(resource?.['status']).toMatchObject({ trial: true });
  const children = await world.children(space);
  expect(namesOf(children, 'StatefulSet')).toEqual(['news-kafka', 'news-redis']);
  expect(namesOf(children, 'PodDisruptionBudget')).toEqual(['news-api']);
  expect(namesOf(children, 'Ingress')).toEqual(['news-api']);
  await apply(space, [pipeline('news', { pods: { networkPolicy: 'None' } })]);
  await eventually('what is no longer needed is gone', () => world.children(space), {
    isSo: (seen) =>
      ['StatefulSet', 'PodDisruptionBudget', 'Ingress', 'NetworkPolicy'].every(
        (kind) => namesOf(seen, kind).length === 0,
      ),
  });
});

test('the state of a window may lie on a claim, which comes and goes with it', async () => {
  const space = await namespace('claimed');
  const state = { store: 'Volume', volume: { size: '1Gi' } };
  await apply(space, [pipeline('news'), featureWindow('kept', 'news', { state })]);
  await ready(space, 2);
  const claim = ['news-window-kept-state'];
  expect(namesOf(await world.children(space), 'PersistentVolumeClaim')).toEqual(claim);
  await world.plane.kubectl('-n', space, 'label', 'pvc', '--all', '--overwrite', 'app.kubernetes.io/instance=other');
  await eventually('it is repaired', () => world.children(space), {
    isSo: (seen) =>
      find(seen, 'PersistentVolumeClaim', claim[0] ?? '')?.metadata.labels?.['app.kubernetes.io/instance'] === 'news',
  });
  await apply(space, [featureWindow('kept', 'news', { state: {} })]);
  // What is in use Kubernetes protects until the pods are gone, and here nobody ends pods.
  await eventually('it is to go', () => world.children(space), {
    isSo: (seen) =>
      seen
        .filter(({ kind }) => kind === 'PersistentVolumeClaim')
        .every(({ metadata }) => metadata.deletionTimestamp !== undefined),
  });
});

test('applying a resource a second time changes nothing, also where it says {}', async () => {
  const space = await namespace('twice');
  await apply(space, all('news'));
  const before = await ready(space, 3);
  await apply(space, all('news'));
  await apply(space, all('news'));
  const after = await world.resources(space);
  const specs = (objects: readonly KubeObject[]) =>
    objects.map(({ kind, spec, metadata }) => [kind, metadata.generation, spec]);
  expect(specs(after)).toEqual(specs(before));
});

test('resources that nothing can run yet say so', async () => {
  const space = await namespace('not-yet');
  const reference = {
    apiVersion: 'groundswell.dev/v1alpha1',
    metadata: { name: 'home' },
    spec: { pipelineRef: { name: 'news' } },
  };
  const given = { candidates: [{ name: 'given', given: {} }], rank: { modelRef: { name: 'hits' } } };
  await apply(space, [
    { ...reference, kind: 'Feed' },
    { ...reference, kind: 'Recommender', spec: { ...reference.spec, ...given } },
  ]);
  await eventually('both say so', () => world.resources(space), {
    isSo: (seen) => seen.length === 2 && seen.every((object) => conditionOf(object, 'Ready')?.status === 'False'),
  });
});

test('what others install later is noticed, and used, without a restart', async () => {
  const space = await namespace('optional');
  const flink = { engine: 'Flink', emit: 'EveryWindow', sinks: [{ topic: { name: 'reposts' } }] };
  const keda = { autoscaling: { by: 'KEDA', minReplicas: 0, maxReplicas: 4 } };
  const reference = (key: string) => ({ name: 'kafka', key });
  const sasl = { mechanism: 'Plain', usernameRef: reference('user'), passwordRef: reference('password') };
  await apply(space, [
    pipeline('news'),
    featureWindow('sql', 'news', flink),
    pipeline('guarded', { kafka: { brokers: ['kafka.test:9092'], sasl }, observability: { podMonitor: 'Never' } }),
    featureWindow('idle', 'guarded', keda),
  ]);
  const waiting = (name: string) => async () =>
    conditionOf(find(await world.resources(space), 'FeatureWindow', name), 'ReferencesResolved');
  const isMissing = (seen: ReturnType<typeof conditionOf>) => seen?.message.includes('the cluster has no') === true;
  for (const name of ['sql', 'idle']) await eventually(`${name} waits`, waiting(name), { isSo: isMissing });
  await world.plane.apply(optionalCrds);
  const made = async () => {
    const lists = await Promise.all(optionalTypes.map((type) => world.kube.list(type, { namespace: space })));
    return lists.flatMap(({ items }) => items);
  };
  const all = ['guarded-window-idle', 'guarded-window-idle', 'news-programs', 'news-window-sql'];
  const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();
  await eventually('all are made', made, { isSo: (seen) => names(seen).join() === all.join() });
  const monitor = 'podmonitors.monitoring.coreos.com/news-programs';
  await world.plane.kubectl('-n', space, 'delete', monitor);
  await eventually('it is repaired', made, { isSo: (seen) => names(seen).includes('news-programs') });
  await world.plane.kubectl('-n', space, 'delete', 'fw,vp', '--all');
  await eventually('nothing is left', made, { isSo: (seen) => seen.length === 0 });
});

test('topics are asked of Strimzi where a pipeline wants that, and stay when it goes', async () => {
  const space = await namespace('strimzi');
  const kafka = { brokers: ['kafka.test:9092'], topics: 'Strimzi', strimziCluster: 'main' };
  await apply(space, [pipeline('news', { kafka, topics: { replicationFactor: 3, events: { partitions: 24 } } })]);
  const type = optionalTypes.find(({ kind }) => kind === 'KafkaTopic');
  if (type === undefined) throw new Error('KafkaTopics are not made');
  const topics = async () => (await world.kube.list(type, { namespace: space })).items;
  const named = (seen: readonly KubeObject[]) => seen.find(({ metadata }) => metadata.name === 'news.events');
  const made = await eventually('they are made', topics, { isSo: (seen) => named(seen) !== undefined });
  expect(named(made)).toMatchObject({
    metadata: { labels: { 'strimzi.io/cluster': 'main' } },
    spec: { topicName: 'news.events', partitions: 24, replicas: 3, config: { 'retention.ms': '604800000' } },
  });
  await world.plane.kubectl('-n', space, 'delete', 'vp', '--all');
  await eventually('its pods are gone', () => world.children(space), { isSo: (seen) => seen.length === 0 });
  expect((await topics()).map(({ metadata }) => metadata.name)).toEqual(made.map(({ metadata }) => metadata.name));
});

test('Events tell of transitions, each once', async () => {
  const events = JSON.parse(await world.plane.kubectl('-n', 'create', 'get', 'events.events.k8s.io', '-o', 'json')) as {
    items: readonly { reason: string; action: string; regarding: { kind: string }; note: string }[];
  };
  const told = events.items.map(({ regarding, action, reason }) => `${regarding.kind} ${action} ${reason}`);
  expect(told).toContain('ViralityPipeline Ready AllWell');
  expect([...told].sort()).toEqual([...new Set(told)].sort());
});

test('the operator has the rights that it uses, and no others', () => {
  const used = usedRights(requestsOf(world.plane.auditLog));
  const refused = requestsOf(world.plane.auditLog).filter(({ responseStatus }) => responseStatus?.code === 403);
  expect(refused).toEqual([]);
  const granted = grantedRights([...workRules, ...leaseRules]);
  // What only some pipelines have is made by the suites of those.
  const unused = [...granted].filter((right) => !used.has(right));
  expect([...used].filter((right) => !granted.has(right))).toEqual([]);
  expect(unused).toEqual([]);
});

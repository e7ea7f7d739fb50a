import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compiled, compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { renderPrograms } from './index.ts';
import { defaultImages } from './render.ts';

const resources = (text: string): Compiled => {
  const compiled = compile(resolve(parseFiles([{ path: 'resources.yaml', text }]).resources), { target: 'cluster' });
  expect(compiled.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return compiled;
};

const written = readFileSync(join(import.meta.dirname, 'golden/resources.yaml'), 'utf8');
const render = (text = written) => renderPrograms(resources(text), { namespace: 'social' });

test('a pipeline renders to these objects', async () => {
  const text = render()
    .map((object) => `---\n${stringify(object)}`)
    .join('');
  await expect(text).toMatchFileSnapshot('golden/objects.yaml');
});

const named = (kind: string, text?: string) =>
  render(text)
    .filter((object) => object.kind === kind)
    .map(({ metadata }) => metadata.name);

test('a live change keeps the ConfigMap that pods have mounted, another change makes a new one', () => {
  const live = written.replace('like: 1', 'like: 5');
  const other = written.replace('  key: [post_id]', '  emit: EveryWindow\n  key: [post_id]');
  expect(live).not.toBe(written);
  expect(named('ConfigMap', live)).toEqual(named('ConfigMap'));
  expect(render(live)).not.toEqual(render());
  const changed = named('ConfigMap', other).filter((name) => !named('ConfigMap').includes(name));
  expect(changed).toEqual([expect.stringMatching(/^news-window-post-10m-[0-9a-f]{16}$/)]);
});

test('names and labels are short enough for Kubernetes, however long those of the resources are', () => {
  const longest = written.replaceAll('post-10m', 'w'.repeat(40)).replaceAll(/\bnews\b/g, 'p'.repeat(40));
  for (const { metadata, kind } of render(longest)) {
    expect(metadata.name.length).toBeLessThanOrEqual(kind === 'Service' ? 63 : 253);
    for (const value of Object.values(metadata.labels)) expect(value.length).toBeLessThanOrEqual(63);
  }
});

test('all programs have one image, which the operator, the pipeline or the part says', () => {
  const images = (text: string) => {
    const objects = renderPrograms(resources(text), {
      namespace: 'x',
      images: { ...defaultImages, programs: 'mirror/groundswell:1' },
    });
    return [...JSON.stringify(objects).matchAll(/"image":"([^"]+groundswell[^"]*|own)"/g)].map(([, image]) => image);
  };
  expect(images(written)).toEqual(Array(4).fill('mirror/groundswell:1'));
  expect(images(written.replace('  api: {}', '  pods: { registry: far.example/x }\n  api: {}'))).toEqual(
    Array(4).fill('far.example/x/groundswell:1'),
  );
  expect(images(written.replace('  key: [post_id]', '  image: own\n  key: [post_id]'))).toContain('own');
});

test('by KEDA pods are stopped and started by what waits in Kafka, and counted by CPU and the clock', () => {
  const schedule = `{ name: day, start: "0 8 * * *", end: "0 20 * * *", timeZone: Europe/Berlin, minReplicas: 3 }`;
  const scaled = `autoscaling: { by: KEDA, minReplicas: 0, maxReplicas: 6, schedules: [${schedule}] }`;
  const of = (text: string, kind: string) =>
    render(text).find((object) => object.kind === kind && object.metadata.name === 'news-window-post-10m');
  const text = written.replace('  key: [post_id]', `  ${scaled}\n  key: [post_id]`);
  expect(of(text, 'Deployment')?.['spec']).not.toHaveProperty('replicas');
  expect(of(text, 'ScaledObject')?.['spec']).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'news-window-post-10m' },
    minReplicaCount: 0,
    maxReplicaCount: 6,
    cooldownPeriod: 300,
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 0 },
          scaleDown: { stabilizationWindowSeconds: 300 },
        },
      },
    },
    triggers: [
      { type: 'cpu', metricType: 'Utilization', metadata: { value: '70' } },
      {
        type: 'kafka',
        metadata: {
          bootstrapServers: expect.stringContaining(':9092'),
          consumerGroup: 'news.window-post-10m',
          topic: 'news.events',
          offsetResetPolicy: 'earliest',
          lagThreshold: '1000000000',
          activationLagThreshold: '0',
        },
      },
      {
        type: 'cron',
        metadata: { timezone: 'Europe/Berlin', start: '0 8 * * *', end: '0 20 * * *', desiredReplicas: '3' },
      },
    ],
  });
  const suspended = of(text.replace('  key: [post_id]', '  suspend: true\n  key: [post_id]'), 'ScaledObject');
  expect(suspended?.metadata.annotations).toEqual({ 'autoscaling.keda.sh/paused-replicas': '0' });
});

test('a PodMonitor is made where the Prometheus Operator is, unless the pipeline wants none', () => {
  const monitors = (text: string, served: readonly string[]) =>
    renderPrograms(resources(text), { namespace: 'x', served: new Set(served) }).filter(
      ({ kind }) => kind === 'PodMonitor',
    );
  expect(monitors(written, [])).toEqual([]);
  expect(monitors(written, ['PodMonitor'])).toMatchObject([
    {
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/instance': 'news' } },
        podMetricsEndpoints: [{ port: 'health', path: '/metrics' }],
      },
    },
  ]);
  const without = written.replace('  api: {}', '  observability: { podMonitor: Never }\n  api: {}');
  expect(without).not.toBe(written);
  expect(monitors(without, ['PodMonitor'])).toEqual([]);
});

test('under a HorizontalPodAutoscaler a Deployment says no number of pods, unless it is suspended', () => {
  const scaled = 'autoscaling: { by: HPA, minReplicas: 2, maxReplicas: 6, scaleDown: { maxStep: 1 } }';
  const of = (text: string, kind: string) =>
    render(text).find((object) => object.kind === kind && object.metadata.name === 'news-window-post-10m')?.['spec'];
  const text = written.replace('  key: [post_id]', `  ${scaled}\n  key: [post_id]`);
  expect(of(text, 'Deployment')).not.toHaveProperty('replicas');
  expect(of(text, 'HorizontalPodAutoscaler')).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'news-window-post-10m' },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
    },
  });
  expect(of(text, 'PodDisruptionBudget')).toBeDefined();
  const suspended = text.replace('  key: [post_id]', '  suspend: true\n  key: [post_id]');
  expect(of(suspended, 'Deployment')).toMatchObject({ replicas: 0 });
  expect(of(written, 'HorizontalPodAutoscaler')).toBeUndefined();
});

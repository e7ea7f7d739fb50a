import { TopPosts } from '@groundswell/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ControlPlane } from '../cluster/control-plane.ts';
import { nodeAddress } from '../cluster/node/network.ts';
import { startCluster } from '../cluster/node/node.ts';
import { chart, type Helm, startHelm } from '../install/helm.ts';
import { eventually } from '../operator/world.ts';
import { type RunningKafka, startKafka } from '../servers/kafka.ts';
import { type RunningRedis, startRedis } from '../servers/redis.ts';
import { asList, exampleOf, scoringModel } from './resources.ts';

// From nothing to predictions on a real node, and back to nothing. Each test goes on from the one before.

const image = ['image.repository=localhost/groundswell', 'image.tag=e2e', 'image.pullPolicy=Never'];
/** Pods start slowly where many start at once on two cores. */
const withinMs = 180_000;

let cluster: ControlPlane;
let helm: Helm;
let kafka: RunningKafka;
let redis: RunningRedis;
beforeAll(async () => {
  // What pods find in no image of theirs has to be there before them.
  cluster = await startCluster({ images: (process.env['GROUNDSWELL_E2E_IMAGES'] ?? '').split(':') });
  kafka = await startKafka({}, { host: nodeAddress });
  redis = await startRedis({ bind: nodeAddress, 'protected-mode': 'no' });
  helm = await startHelm(cluster.kubeconfig);
});
afterAll(async () => {
  helm?.stop();
  await redis?.stop();
  await kafka?.stop();
  await cluster?.stop();
});

const kubectl = (...words: readonly string[]): Promise<string> => cluster.kubectl(...words);
const inSocial = (...words: readonly string[]): Promise<string> => kubectl('-n', 'social', ...words);
const namesOf = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await kubectl('get', '-o', 'name', ...words)).split('\n').filter((line) => line !== '');

/** Of what does not come to pass: what the pods say. */
const withLogs = async <T>(work: Promise<T>, namespace: string): Promise<T> =>
  work.catch(async (error: unknown) => {
    const pods = await kubectl('-n', namespace, 'get', 'pods', '-o', 'wide').catch(String);
    const events = await kubectl('-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp').catch(String);
    const names = await namesOf('pods', '-n', namespace).catch(() => []);
    const logs = await Promise.all(
      names.map(async (name) => `${name}:\n${await kubectl('-n', namespace, 'logs', '--tail=5', name).catch(String)}`),
    );
    throw new Error([String(error), pods, events.slice(-4_000), ...logs].join('\n'), { cause: error });
  });

const top = async () => {
  const address = await inSocial('get', 'service', 'news-api', '-o', 'jsonpath={.spec.clusterIP}');
  const answer = await fetch(`http://${address}/v1/top?model=virality`, { signal: AbortSignal.timeout(5_000) });
  return TopPosts.parse(await answer.json());
};
const variantsOf = ({ posts }: TopPosts): readonly string[] => [...new Set(posts.map(({ variant }) => variant))];

test('the operator is installed by Helm, runs in its pod, and passes helm test', async () => {
  const values = [...image, 'replicas=1'].flatMap((value) => ['--set', value]);
  const words = ['-n', 'groundswell-system', '--create-namespace', ...values];
  await withLogs(helm('install', 'groundswell', chart, ...words, '--wait', '--timeout', '3m'), 'groundswell-system');
  expect(await helm('test', 'groundswell', '-n', 'groundswell-system')).toMatch(/Phase:\s+Succeeded/);
});

test('all programs of a pipeline run in pods that the restricted Pod Security Standard lets in', async () => {
  await kubectl('create', 'namespace', 'social');
  await kubectl('label', 'namespace', 'social', 'pod-security.kubernetes.io/enforce=restricted');
  const from = performance.now();
  await cluster.apply(asList('social', exampleOf({ brokers: kafka.brokers, redis: redis.address })));
  const all = ['vp/news', 'fw/reposts', 'sm/virality'];
  await withLogs(inSocial('wait', '--for=condition=Ready', `--timeout=${withinMs / 1_000}s`, ...all), 'social');
  console.log(`From apply to all pods ready: ${Math.round((performance.now() - from) / 1_000)} s`);
  expect(await namesOf('pods', '-n', 'social', '--field-selector=status.phase=Running')).toHaveLength(4);
});

test('events flow through Kafka and Redis, and become predictions', async () => {
  const scored = eventually('posts are scored', top, { isSo: ({ posts }) => posts.length >= 5, withinMs });
  const seen = await withLogs(scored, 'social');
  expect(variantsOf(seen)).toEqual(['first']);
  expect(seen.posts.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
  await eventually('reposts count', top, { isSo: ({ posts }) => posts.some(({ reposts }) => reposts > 0), withinMs });
});

test('a change of the model takes over from the running one', async () => {
  await cluster.apply(asList('social', [scoringModel('second')]));
  const isSo = (now: TopPosts) => variantsOf(now).includes('second');
  await withLogs(eventually('the other variant scores', top, { isSo, withinMs }), 'social');
  await inSocial('wait', '--for=condition=Ready', '--timeout=60s', 'sm/virality');
});

test('what is uninstalled leaves nothing', async () => {
  await inSocial('delete', 'groundswell', '--all');
  const ours = 'deployments,statefulsets,services,configmaps,serviceaccounts,networkpolicies,poddisruptionbudgets,pods';
  const made = () => namesOf(ours, '-n', 'social', '-l', 'app.kubernetes.io/managed-by=groundswell');
  await eventually('all that was made is gone', made, { isSo: (names) => names.length === 0, withinMs });
  await helm('uninstall', 'groundswell', '-n', 'groundswell-system', '--wait');
  await kubectl('delete', 'crd', '-l', 'app.kubernetes.io/part-of=groundswell');
  const rest = 'clusterroles,clusterrolebindings,priorityclasses,crds';
  expect(await namesOf(rest, '-l', 'app.kubernetes.io/part-of=groundswell')).toEqual([]);
  const left = () => namesOf(ours, '-n', 'groundswell-system', '-l', 'app.kubernetes.io/part-of=groundswell');
  await eventually('the operator is gone', left, { isSo: (names) => names.length === 0, withinMs });
  expect(await namesOf('pods', '-n', 'social')).toEqual([]);
});

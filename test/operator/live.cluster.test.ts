import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLogger, inClusterAccess } from '@groundswell/process';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { watchProgram } from '../../runtimes/lib/pod/src/watch-program.ts';
import { featureWindow, inNamespace, pipeline } from './resources.ts';
import { conditionOf, eventually, startWorld, type World } from './world.ts';

// How a program hears of a live change: as its pod would, with its own service account.

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.operator({ 'leader-election': 'false' });
});
afterAll(() => world?.stop());

const weighted = (repost: number) =>
  featureWindow('post-10m', 'news', {
    aggregations: [{ name: 'engagement', weightedSum: { by: 'event.type', weights: { like: 1, repost } } }],
  });
const apply = (repost: number) => world.plane.apply(inNamespace('default', [pipeline('news'), weighted(repost)]));

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly [{ readonly env: readonly { readonly name: string; readonly value: string }[] }];
}

const podSpecOf = async (name: string): Promise<PodSpec> => {
  const type = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' };
  const { spec } = await world.kube.get(type, { namespace: 'default', name });
  return (spec as { template: { spec: PodSpec } }).template.spec;
};

/** What a kubelet mounts for the account of a pod. */
const folderOf = async (account: string): Promise<string> => {
  const { folder } = world.serviceAccount;
  const own = mkdtempSync(join(dirname(folder), 'pod-'));
  copyFileSync(join(folder, 'ca.crt'), join(own, 'ca.crt'));
  writeFileSync(join(own, 'namespace'), 'default');
  writeFileSync(join(own, 'token'), (await world.plane.kubectl('create', 'token', account)).trim());
  return own;
};

const watchAs = async (account: string, name: string) => {
  const { host, port } = world.serviceAccount;
  const access = await inClusterAccess({ host, port, folder: await folderOf(account) });
  const stopping = new AbortController();
  const retryMs = { first: 100, most: 500 };
  const logger = createLogger('test', 'error');
  const watched = watchProgram({ access, name, signal: stopping.signal, logger, retryMs });
  onTestFinished(async () => {
    stopping.abort();
    await watched.stopped;
  });
  return watched;
};

const told = (watched: Awaited<ReturnType<typeof watchAs>>, repost: number) =>
  eventually(`the program is told of weight ${repost}`, async () => watched.take() ?? '', {
    isSo: (text) => text.includes(`"repost": ${repost}`),
    withinMs: 60_000,
  });

test('a program is told of a live change by the API server, also after that was away, and may watch nothing else', async () => {
  await apply(2);
  await eventually('it runs', () => world.resources('default'), {
    isSo: (seen) => seen.length === 2 && seen.every((one) => conditionOf(one, 'Ready')?.status === 'True'),
  });
  const { serviceAccountName: account, containers } = await podSpecOf('news-window-post-10m');
  const name = containers[0].env.find((one) => one.name === 'GROUNDSWELL_CONFIG_MAP')?.value ?? '';
  const watched = await watchAs(account, name);
  await told(watched, 2);
  expect(watched.isLive()).toBe(true);

  await apply(9);
  await told(watched, 9);
  await world.plane.restartApiServer();
  await apply(5);
  await told(watched, 5);

  const mayNot = (...words: readonly string[]) =>
    expect(
      world.plane.kubectl('auth', 'can-i', ...words, `--as=system:serviceaccount:default:${account}`),
      words.join(' '),
    ).rejects.toThrow();
  await mayNot('watch', 'configmaps');
  await mayNot('get', `configmaps/${name}`);
  await mayNot('list', 'secrets');
  const { containers: others } = await podSpecOf('news-api');
  const other = others[0].env.find((one) => one.name === 'GROUNDSWELL_CONFIG_MAP')?.value ?? '';
  await mayNot('watch', `configmaps/${other}`);
  expect(
    await world.plane.kubectl(
      'auth',
      'can-i',
      'watch',
      `configmaps/${name}`,
      `--as=system:serviceaccount:default:${account}`,
    ),
  ).toContain('yes');
});

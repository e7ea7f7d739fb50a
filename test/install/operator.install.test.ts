import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { applyCrds } from '../cluster/crds.ts';
import { freePorts } from '../servers/daemon.ts';
import { chart, type Helm, type Manifest, manifestsOf, root, startHelm } from './helm.ts';

// The operator as the chart starts it, with the rights that the chart gives it. There is no node, so this test is the kubelet.

let plane: ControlPlane;
let helm: Helm;
let folder: string;
const running: ChildProcess[] = [];
beforeAll(async () => {
  plane = await startControlPlane({ controllers: true });
  helm = await startHelm(plane.kubeconfig);
  folder = mkdtempSync(join(tmpdir(), 'groundswell-operator-'));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  helm.stop();
  rmSync(folder, { recursive: true, force: true });
  await plane.stop();
});

/** A kubeconfig with a token of the ServiceAccount, as the pod would have it. */
const kubeconfigOf = async (namespace: string): Promise<string> => {
  const token = await plane.kubectl('create', 'token', 'groundswell', '-n', namespace);
  const config = JSON.parse(readFileSync(plane.kubeconfig, 'utf8'));
  config.users = [{ name: 'admin', user: { token: token.trim() } }];
  const file = join(folder, `${namespace}.kubeconfig`);
  writeFileSync(file, JSON.stringify(config));
  return file;
};

interface Running {
  readonly health: string;
  readonly output: () => string;
}

const startOperator = async (namespace: string, ...words: readonly string[]): Promise<Running> => {
  const [metrics, health] = await freePorts(2);
  const values = [...words, '--set', `ports.metrics=${metrics},ports.health=${health}`];
  await helm('install', 'groundswell', chart, '-n', namespace, '--create-namespace', ...values);
  const manifests = manifestsOf(await helm('get', 'manifest', 'groundswell', '-n', namespace));
  const deployment = manifests.find(({ kind }) => kind === 'Deployment') as Manifest;
  const [, ...args] = deployment['spec'].template.spec.containers[0].args as string[];
  const main = ['--conditions=source', join(root, 'operator/src/main.ts'), ...args];
  const env = {
    PATH: process.env['PATH'],
    KUBECONFIG: await kubeconfigOf(namespace),
    POD_NAME: 'one',
    POD_NAMESPACE: namespace,
  };
  const child = spawn(process.execPath, main, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { health: `http://127.0.0.1:${health}`, output: () => output };
};

const eventually = async (what: string, isSo: () => Promise<boolean>, output: () => string): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadline)
      throw new Error(`Waited 60 s in vain until ${what}; the operator said:\n${output()}`);
    await wait(300);
  }
};

const leads = async ({ health }: Running): Promise<boolean> =>
  (await (await fetch(`${health}/readyz`)).text()) === 'leads\n';
const deployments = async (namespace: string): Promise<readonly string[]> =>
  (
    await plane.kubectl(
      'get',
      'deployments',
      '-n',
      namespace,
      '-l',
      'app.kubernetes.io/managed-by=groundswell',
      '-o',
      'name',
    )
  )
    .split('\n')
    .filter((line) => line !== '');

const stopOperator = async (namespace: string): Promise<void> => {
  await helm('uninstall', 'groundswell', '-n', namespace, '--wait');
  const child = running.at(-1) as ChildProcess;
  child.kill('SIGTERM');
  await once(child, 'exit');
};

const sample = join(root, 'charts/argo-cd/sync-waves/resources.yaml');

describe('the operator of the chart', () => {
  test('may come before the CRDs, and begins when they are there', async () => {
    const operator = await startOperator('early', '--set', 'crds.install=false');
    await eventually('it misses them', async () => /lost a watch/.test(operator.output()), operator.output);
    expect(await leads(operator)).toBe(false);
    await applyCrds(plane);
    await plane.kubectl('create', 'namespace', 'late');
    await plane.kubectl('apply', '--server-side', '-n', 'late', '-f', sample);
    await eventually('there are Deployments', async () => (await deployments('late')).length >= 3, operator.output);
    await stopOperator('early');
    await plane.kubectl('delete', 'crd', '-l', 'app.kubernetes.io/part-of=groundswell');
  });

  test.each([
    { scope: 'all namespaces', namespace: 'systems', words: [], resources: 'social' },
    {
      scope: 'its own namespace',
      namespace: 'alone',
      words: ['--set', 'scope=Namespaced', '--set', 'crds.install=false'],
      resources: 'alone',
    },
  ])('with the rights for $scope leads, and makes what resources ask for', async ({ namespace, words, resources }) => {
    const operator = await startOperator(namespace, ...words);
    await eventually('it leads', () => leads(operator), operator.output);
    await plane.kubectl('create', 'namespace', resources).catch(() => '');
    await plane.kubectl('apply', '--server-side', '-n', resources, '-f', sample);
    await eventually('there are Deployments', async () => (await deployments(resources)).length >= 3, operator.output);
    expect(operator.output()).not.toMatch(/forbidden/i);
    await stopOperator(namespace);
  });
});

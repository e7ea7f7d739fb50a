import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const configMap = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('Waited 30 s in vain');
    await wait(200);
  }
};

// A cluster of KUBECONFIG cannot be stopped at will.
describe.skipIf((process.env['KUBECONFIG'] ?? '') !== '')('a control plane of our own', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane({ controllers: true, audit: true });
  });
  afterAll(() => plane.stop());

  test('keeps what it has stored over a killed API server and a stopped etcd', async () => {
    await plane.apply(configMap('before-restart'));
    await plane.restartApiServer();
    await plane.apply(configMap('before-stop'));
    await plane.stopEtcd();
    await expect(plane.kubectl('get', 'configmap', 'before-stop', '--request-timeout=2s')).rejects.toThrow();
    await plane.startEtcd();
    const names = await plane.kubectl('get', 'configmap', 'before-restart', 'before-stop', '-o', 'name');
    expect(names.trim().split('\n')).toEqual(['configmap/before-restart', 'configmap/before-stop']);
  });

  test('makes the pods of a Deployment, and removes them with it', async () => {
    await plane.kubectl('create', 'deployment', 'web', '--image=web', '--replicas=2');
    const pods = async () => (await plane.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).trim();
    await eventually(async () => (await pods()).split('\n').length === 2);
    await plane.kubectl('delete', 'deployment', 'web', '--wait=false');
    await eventually(async () => (await pods()) === '');
  });

  test('writes down who asked for what', async () => {
    await plane.apply(configMap('written-down'));
    const lines = readFileSync(plane.auditLog ?? '', 'utf8')
      .trim()
      .split('\n');
    const events = lines.map(
      (line) => JSON.parse(line) as { verb: string; user: object; objectRef?: { name?: string } },
    );
    expect(events.find(({ objectRef }) => objectRef?.name === 'written-down')).toMatchObject({
      user: { username: 'admin' },
      verb: 'patch',
    });
  });
});

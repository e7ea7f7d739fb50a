import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Daemon, freePorts } from '../servers/daemon.ts';
import { ensureTools } from './build.ts';
import type { ControlPlane, ControlPlaneOptions } from './contract.ts';
import { existingCluster } from './existing.ts';
import { type Kubectl, runWith } from './kubectl.ts';
import { startApiServer, startControllers, startEtcd, startScheduler } from './servers.ts';
import { type Settings, writeSettings } from './settings.ts';

export type { ControlPlane, ControlPlaneOptions };

const ready = async (kubectl: Kubectl, withinMs = 60_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    // The namespace comes a moment after the server is ready.
    const problem = await kubectl('get', '--raw', '/readyz')
      .then(() => kubectl('get', 'namespace', 'default'))
      .then(() => undefined, String);
    if (problem === undefined) return;
    if (performance.now() > deadline) throw new Error(`Cannot start Kubernetes: ${problem}`);
    await wait(100);
  }
};

const startDaemons = async (settings: Settings, options: ControlPlaneOptions) => {
  const running = new Map<string, Daemon>();
  const starts = {
    etcd: startEtcd,
    apiServer: startApiServer,
    controllers: startControllers,
    scheduler: startScheduler,
  };
  const start = async (name: keyof typeof starts): Promise<void> =>
    void running.set(name, await starts[name](settings));
  const stopAll = async (): Promise<void> => {
    // Nothing of it is to be kept, so it need not end in good order.
    await Promise.all([...running.values()].map((daemon) => daemon.kill()));
    rmSync(settings.folder, { recursive: true, force: true });
  };
  try {
    await start('etcd');
    await start('apiServer');
    await ready(settings.kubectl);
    if (options.controllers === true) await Promise.all([start('controllers'), start('scheduler')]);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { running, start, stopAll };
};

const startOwn = async (options: ControlPlaneOptions): Promise<ControlPlane> => {
  const more = options.controllers === true ? (['kube-controller-manager', 'kube-scheduler'] as const) : [];
  const tools = await ensureTools('etcd', 'kube-apiserver', 'kubectl', ...more);
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-kubernetes-'));
  const ports = await freePorts(3);
  const settings = writeSettings({ folder, ports, tools, ...options });
  const { kubeconfig, kubectl, auditLog } = settings;
  const { running, start, stopAll } = await startDaemons(settings, options);
  return {
    kubeconfig,
    kubectl,
    auditLog,
    apply: async (input) => {
      const words = ['apply', '--server-side', '-f', '-'];
      await runWith({ command: tools.kubectl, kubeconfig, input }, words);
    },
    restartApiServer: async () => {
      await running.get('apiServer')?.kill();
      await start('apiServer');
      await ready(kubectl);
    },
    stopEtcd: async () => running.get('etcd')?.kill(),
    startEtcd: async () => {
      await start('etcd');
      await ready(kubectl);
    },
    stop: stopAll,
  };
};

/**
 * Starts a control plane on free ports, in about 8 seconds; or takes the cluster of `KUBECONFIG` when that is set. The
 * programs are built when they are first needed, see build.ts.
 */
export const startControlPlane = async (options: ControlPlaneOptions = {}): Promise<ControlPlane> =>
  (await existingCluster()) ?? startOwn(options);

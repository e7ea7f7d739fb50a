import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Daemon } from '../../servers/daemon.ts';
import { ensureTools } from '../build.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { makeCgroups } from './cgroups.ts';
import { importImage, startContainerd } from './containerd.ts';
import { dnsObjects } from './dns.ts';
import { startKubelet, startKubeProxy } from './kubelet.ts';
import { makeBridge, nodeAddress } from './network.ts';

export interface NodeOptions {
  /** Archives of the images that pods use. */
  readonly images: readonly string[];
  readonly audit?: boolean;
}

/**
 * A cluster with one real node, in about 30 seconds. It makes a bridge, rules of iptables and mounts, and takes none of
 * them away: it is to be run in namespaces of its own, with which they end (see test/e2e/run.ts).
 */
export const startCluster = async ({ images, audit = false }: NodeOptions): Promise<ControlPlane> => {
  const tools = await ensureTools('kubelet', 'kube-proxy');
  makeBridge();
  makeCgroups();
  const plane = await startControlPlane({ controllers: true, audit, address: nodeAddress });
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-node-'));
  const { kubeconfig, kubectl } = plane;
  const daemons: Daemon[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await plane.stop();
  };
  try {
    daemons.push(await startContainerd(folder));
    for (const image of images) await importImage(folder, image);
    daemons.push(await startKubelet({ folder, kubeconfig, command: tools.kubelet }));
    daemons.push(await startKubeProxy({ folder, kubeconfig, command: tools['kube-proxy'] }));
    await kubectl('wait', '--for=create', 'node', '--all', '--timeout=60s');
    await kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s');
    await plane.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: dnsObjects }));
    await kubectl('-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s');
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...plane, stop };
};

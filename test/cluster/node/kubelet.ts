import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Daemon } from '../../servers/daemon.ts';
import { startWithFlags } from '../daemons.ts';
import { cgroupRoot } from './cgroups.ts';
import { socketIn } from './containerd.ts';
import { dnsAddress, nodeAddress, podRange } from './network.ts';

export interface Agent {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly command: string;
}

const nodeName = 'groundswell';

const kubeletConfig = (folder: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
  authorization: { mode: 'Webhook' },
  cgroupDriver: 'cgroupfs',
  cgroupRoot,
  containerRuntimeEndpoint: `unix://${socketIn(folder)}`,
  clusterDNS: [dnsAddress],
  clusterDomain: 'cluster.local',
  // Pods ask nobody outside.
  resolvConf: join(folder, 'resolv.conf'),
  failSwapOn: false,
  failCgroupV1: false,
  // A developer's disk is often fuller than a server's may be.
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  address: nodeAddress,
  healthzPort: 0,
});

/** Runs the pods that are bound to the node. */
export const startKubelet = ({ folder, kubeconfig, command }: Agent): Promise<Daemon> => {
  const config = join(folder, 'kubelet.json');
  writeFileSync(config, JSON.stringify(kubeletConfig(folder)));
  writeFileSync(join(folder, 'resolv.conf'), '');
  mkdirSync(join(folder, 'kubelet'));
  const flags = {
    config,
    kubeconfig,
    'hostname-override': nodeName,
    'node-ip': nodeAddress,
    'root-dir': join(folder, 'kubelet'),
    'cert-dir': join(folder, 'kubelet-certificates'),
  };
  return startWithFlags(folder, { command, flags, readyText: 'Started kubelet' });
};

/** Makes the addresses of Services lead to their pods. */
export const startKubeProxy = ({ folder, kubeconfig, command }: Agent): Promise<Daemon> => {
  const config = join(folder, 'kube-proxy.json');
  const content = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clientConnection: { kubeconfig },
    clusterCIDR: podRange,
    hostnameOverride: nodeName,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // Settings of the machine's, not of the namespace's.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
  writeFileSync(config, JSON.stringify(content));
  return startWithFlags(folder, { command, flags: { config }, readyText: 'Caches are synced' });
};

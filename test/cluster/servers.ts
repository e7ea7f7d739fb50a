import { join } from 'node:path';
import type { Daemon } from '../servers/daemon.ts';
import { startWithFlags } from './daemons.ts';
import { files, type Settings } from './settings.ts';

export const startEtcd = ({ folder, tools, etcdPort, etcdPeerPort }: Settings): Promise<Daemon> => {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${etcdPeerPort}`;
  const flags = {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // It need not outlive the machine.
    'unsafe-no-fsync': true,
  };
  return startWithFlags(folder, { command: tools.etcd, flags, readyText: 'ready to serve client requests' });
};

export const startApiServer = (settings: Settings): Promise<Daemon> => {
  const { folder, tools, etcdPort, apiPort, host, auditLog, controllers } = settings;
  const path = (name: string): string => join(folder, name);
  const flags = {
    'etcd-servers': `http://127.0.0.1:${etcdPort}`,
    'bind-address': host,
    'advertise-address': host,
    'secure-port': apiPort,
    'cert-dir': path(files.certificates),
    'token-auth-file': path(files.tokens),
    'authorization-mode': 'Node,RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': path(files.serviceAccountKey),
    'service-account-signing-key-file': path(files.serviceAccountKey),
    'service-cluster-ip-range': '198.19.0.0/16',
    'allow-privileged': true,
    'kubelet-preferred-address-types': 'InternalIP',
    // Without controllers nobody makes the accounts that it would ask for.
    ...(controllers === true ? {} : { 'disable-admission-plugins': 'ServiceAccount' }),
    ...(auditLog === undefined
      ? {}
      : { 'audit-policy-file': path(files.auditPolicy), 'audit-log-path': auditLog, 'audit-log-mode': 'blocking' }),
  };
  return startWithFlags(folder, { command: tools['kube-apiserver'], flags, readyText: 'Serving securely on' });
};

export const startControllers = ({ folder, tools, kubeconfig }: Settings): Promise<Daemon> => {
  const flags = {
    kubeconfig,
    'leader-elect': false,
    'secure-port': 0,
    'service-account-private-key-file': join(folder, files.serviceAccountKey),
    'root-ca-file': join(folder, files.authority),
  };
  const readyText = 'Caches are synced';
  return startWithFlags(folder, { command: tools['kube-controller-manager'], flags, readyText });
};

export const startScheduler = ({ folder, tools, kubeconfig }: Settings): Promise<Daemon> => {
  const flags = { kubeconfig, 'leader-elect': false, 'secure-port': 0 };
  return startWithFlags(folder, {
    command: tools['kube-scheduler'],
    flags,
    readyText: 'Starting Kubernetes Scheduler',
  });
};

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlaneOptions } from './contract.ts';
import { type Kubectl, runWith } from './kubectl.ts';

type Tools = Readonly<Record<'etcd' | 'kube-apiserver' | 'kubectl', string>> &
  Readonly<Partial<Record<'kube-controller-manager' | 'kube-scheduler', string>>>;

export interface Settings extends ControlPlaneOptions {
  readonly folder: string;
  readonly tools: Tools;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
  /** Host that clients on this machine use. */
  readonly host: string;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly auditLog: string | undefined;
}

/** A path in the folder of a control plane. */
export const files = {
  certificates: 'certificates',
  // The API server makes it; with the certificate of its maker, so it serves as the authority too.
  authority: 'certificates/apiserver.crt',
  serviceAccountKey: 'service-account.key',
  tokens: 'tokens.csv',
  auditPolicy: 'audit-policy.json',
  kubeconfig: 'kubeconfig',
} as const;

interface Given extends ControlPlaneOptions {
  readonly folder: string;
  readonly ports: readonly number[];
  readonly tools: Tools;
}

const kubeconfigOf = (folder: string, server: string, token: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'groundswell-test',
  clusters: [{ name: 'groundswell-test', cluster: { server, 'certificate-authority': join(folder, files.authority) } }],
  users: [{ name: 'admin', user: { token } }],
  contexts: [{ name: 'groundswell-test', context: { cluster: 'groundswell-test', user: 'admin' } }],
});

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

/** Writes what the servers read at their start. */
export const writeSettings = (given: Given): Settings => {
  const { folder, ports, tools, address } = given;
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = ports;
  const host = address ?? '127.0.0.1';
  const token = randomBytes(24).toString('base64url');
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): void => writeFileSync(path(name), text, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  write(files.serviceAccountKey, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  write(files.tokens, `${token},admin,admin,"system:masters"\n`);
  write(files.auditPolicy, JSON.stringify(auditPolicy));
  // JSON is YAML.
  write(files.kubeconfig, JSON.stringify(kubeconfigOf(folder, `https://${host}:${apiPort}`, token), null, 2));
  const kubeconfig = path(files.kubeconfig);
  return {
    ...given,
    ...{ etcdPort, etcdPeerPort, apiPort, host, kubeconfig },
    kubectl: (...words) => runWith({ command: tools.kubectl, kubeconfig }, words),
    auditLog: given.audit === true ? path('audit.log') : undefined,
  };
};

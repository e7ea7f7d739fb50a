import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { leaseRules, workRules } from '@groundswell/operator/access';
import { connect, type Kube, type KubeObject } from '@groundswell/operator/kube';
import { childTypes, ownTypes } from '@groundswell/operator/plan';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../cluster/control-plane.ts';
import { applyCrds } from '../cluster/crds.ts';
import { startKubelet } from './kubelet.ts';
import { type OperatorProcess, type ServiceAccount, startOperator } from './operator-process.ts';

/** Namespace of the operator. */
const home = 'groundswell-system';

/** A control plane without nodes, and whatever a test starts on it. */
export interface World {
  readonly plane: ControlPlane;
  /** As an administrator. */
  readonly kube: Kube;
  /** Of the operator, with its rights and no others. */
  readonly serviceAccount: ServiceAccount;
  /** @param code  absent: the sources, which need not be built */
  operator(flags?: Readonly<Record<string, string>>, code?: 'sources' | 'compiled'): Promise<OperatorProcess>;
  /** Objects that the operator made in a namespace. */
  children(namespace: string): Promise<readonly KubeObject[]>;
  resources(namespace: string): Promise<readonly KubeObject[]>;
  /** What says that pods run. */
  readonly kubelet: { stop(): Promise<void> };
  stop(): Promise<void>;
}

const bind = (namespace: string | undefined, name: string, rules: unknown) => {
  const scope = namespace === undefined ? 'Cluster' : '';
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion, kind: `${scope}Role`, metadata, rules },
    {
      apiVersion,
      kind: `${scope}RoleBinding`,
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: `${scope}Role`, name },
      subjects: [{ kind: 'ServiceAccount', name: 'operator', namespace: home }],
    },
  ];
};

/** The operator's service account, with what `operator/src/access` says that it may do. */
const createIdentity = async ({ kubectl, apply, kubeconfig }: ControlPlane): Promise<ServiceAccount> => {
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator', namespace: home } },
    ...bind(undefined, 'groundswell-operator', workRules),
    ...bind(home, 'groundswell-operator-lease', leaseRules),
  ];
  await apply(objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  const token = (await kubectl('create', 'token', 'operator', '-n', home, '--duration=4h')).trim();
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: readonly [{ cluster: { server: string; 'certificate-authority': string } }];
  };
  const { server, 'certificate-authority': authority } = config.clusters[0].cluster;
  const folder = join(dirname(kubeconfig), 'operator');
  mkdirSync(folder);
  copyFileSync(authority, join(folder, 'ca.crt'));
  for (const [name, text] of Object.entries({ token, namespace: home }))
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  const { hostname: host, port } = new URL(server);
  return { host, port, folder };
};

export const startWorld = async (options: ControlPlaneOptions = {}): Promise<World> => {
  const plane = await startControlPlane({ audit: true, ...options });
  await applyCrds(plane);
  const serviceAccount = await createIdentity(plane);
  const { kube, connection } = await connect(plane.kubeconfig);
  const kubelet = startKubelet(kube);
  const operators: OperatorProcess[] = [];
  const all = async (types: Iterable<Parameters<Kube['list']>[0]>, namespace: string, labelSelector?: string) => {
    const lists = await Promise.all([...types].map((type) => kube.list(type, { namespace, labelSelector })));
    return lists.flatMap(({ items }) => items);
  };
  return {
    plane,
    kube,
    serviceAccount,
    operator: async (flags, code) => {
      const operator = await startOperator(serviceAccount, flags, code);
      operators.push(operator);
      return operator;
    },
    children: (namespace) => all(childTypes, namespace, 'app.kubernetes.io/managed-by=groundswell'),
    resources: (namespace) => all(ownTypes.values(), namespace),
    kubelet,
    stop: async () => {
      await Promise.all(operators.map((operator) => operator.kill()));
      await kubelet.stop();
      connection.close();
      await plane.stop();
    },
  };
};

/** Who wrote which field says nothing here, and takes all the room. */
const shown = (key: string, value: unknown): unknown => (key === 'managedFields' ? undefined : value);

/** Looks again and again. @throws Error with what was seen last after `withinMs` */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T>,
  {
    isSo,
    withinMs = 90_000,
    everyMs = 100,
  }: { readonly isSo: (seen: T) => boolean; readonly withinMs?: number; readonly everyMs?: number },
): Promise<T> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look().catch((error: unknown) => error as T);
    if (!(seen instanceof Error) && isSo(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(
        `Waited ${withinMs / 1_000} s in vain until ${what}; seen last: ${JSON.stringify(seen, shown, 1)?.slice(0, 4_000)} ${seen instanceof Error ? seen.stack : ''}`,
      );
    await wait(everyMs);
  }
};

interface ConditionSeen {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

export const conditionOf = (object: KubeObject | undefined, type: string): ConditionSeen | undefined =>
  ((object?.['status'] ?? {}) as { conditions?: readonly ConditionSeen[] }).conditions?.find(
    (one) => one.type === type,
  );

export const namesOf = (objects: readonly KubeObject[], kind: string): readonly string[] =>
  objects
    .filter((object) => object.kind === kind)
    .map(({ metadata }) => metadata.name)
    .sort();

export const find = (objects: readonly KubeObject[], kind: string, name: string) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

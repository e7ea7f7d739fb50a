import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { group, kinds } from '@groundswell/crds';
import { chooseDeployment, type Deployment, deadLettersCommand, deploymentsSelector } from './dead-letters.ts';
import type { Happening, Seen } from './resource.ts';

/** Options of kubectl that are passed on to it. */
export interface Connection {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** The cluster, as kubectl reaches it: with its credentials, plugins for them and settings. */
export interface Cluster {
  /** @param name as kubectl takes it: `fw/post-10m` */
  get(name: string): Promise<Seen>;
  /** All resources of ours, of one namespace or of all. */
  list(options: { readonly allNamespaces: boolean }): Promise<readonly Seen[]>;
  /** Newest last. */
  eventsOf(resource: Seen): Promise<readonly Happening[]>;
  /** Runs `deadletters …` in a pod of a pipeline, which prints by itself; answers its exit code. */
  deadLetters(pipeline: Seen, words: readonly string[]): Promise<number>;
  /** Merges a change into a resource. */
  change(resource: Seen, patch: object): Promise<void>;
}

const fieldManager = 'kubectl-groundswell';

const kubectl = async (words: readonly string[]): Promise<string> => {
  const child = spawn('kubectl', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const [code] = (await once(child, 'close').catch((cause: unknown) => {
    throw new Error('Cannot ask the cluster: "kubectl" does not run, it is needed on the PATH', { cause });
  })) as [number | null];
  if (code === 0) return texts.stdout;
  throw new Error(`Cannot ask the cluster: ${texts.stderr.trim() || `kubectl ended with ${code}`}`);
};

interface CoreEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly eventTime?: string | null;
  readonly lastTimestamp?: string | null;
  readonly metadata: { readonly creationTimestamp: string };
}

const happeningOf = ({ reason = '', message = '', eventTime, lastTimestamp, metadata }: CoreEvent): Happening => ({
  at: lastTimestamp ?? eventTime ?? metadata.creationTimestamp,
  reason,
  message,
});

export const createCluster = (connection: Connection): Cluster => {
  const flags = Object.entries(connection).map(([name, value]) => `--${name}=${value}`);
  const ask = (...words: readonly string[]) => kubectl([...words, ...flags]);
  const read = async (...words: readonly string[]): Promise<unknown> => JSON.parse(await ask(...words, '-o', 'json'));
  // The last of a flag holds for kubectl: the namespace that the resource is in.
  const at = ({ metadata }: Seen): string => `--namespace=${metadata.namespace}`;
  return {
    get: async (name) => {
      if (!name.includes('/'))
        throw new Error(`Cannot find "${name}": it names no kind, write it as in fw/${name} or sm/${name}`);
      const seen = (await read('get', name)) as Seen;
      if (kinds.some(({ kind }) => kind === seen.kind)) return seen;
      throw new Error(`Cannot use ${name}: it is a ${seen.kind}, a resource of ${group} is needed`);
    },
    list: async ({ allNamespaces }) => {
      const what = kinds.map(({ plural }) => `${plural}.${group}`).join(',');
      const { items } = (await read('get', what, ...(allNamespaces ? ['--all-namespaces'] : []))) as {
        items: readonly Seen[];
      };
      return items;
    },
    eventsOf: async (resource) => {
      const { kind, metadata } = resource;
      const about = `involvedObject.kind=${kind},involvedObject.name=${metadata.name}`;
      const words = ['get', 'events', `--field-selector=${about}`, ...flags, at(resource), '-o', 'json'];
      const { items } = JSON.parse(await kubectl(words)) as { items: readonly CoreEvent[] };
      return items.map(happeningOf).sort((a, b) => a.at.localeCompare(b.at));
    },
    deadLetters: async (pipeline, words) => {
      const { name } = pipeline.metadata;
      const where = [...flags, at(pipeline)];
      const found = await kubectl(['get', 'deployments', '-l', deploymentsSelector(name), ...where, '-o', 'json']);
      const { items } = JSON.parse(found) as { readonly items: readonly Deployment[] };
      const { metadata } = chooseDeployment(pipeline, items);
      const target = ['exec', `deployment/${metadata.name}`, '-c', 'main', ...where, '--'];
      const child = spawn('kubectl', [...target, ...deadLettersCommand(words)], { stdio: 'inherit' });
      const [code] = (await once(child, 'close')) as [number | null];
      return code ?? 1;
    },
    change: async (resource, patch) => {
      const what = `${resource.kind.toLowerCase()}.${group}/${resource.metadata.name}`;
      const words = ['patch', what, '--type=merge', `--field-manager=${fieldManager}`, '-p', JSON.stringify(patch)];
      await kubectl([...words, ...flags, at(resource)]);
    },
  };
};

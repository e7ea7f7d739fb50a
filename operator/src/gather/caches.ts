import { managedBy, pipelineLabel } from '../children/names.ts';
import type { Kube, Selection } from '../engine/kube/kube.ts';
import { type KubeObject, type ResourceType, typeName } from '../engine/kube/objects.ts';
import { systemTimers } from '../engine/queue.ts';
import { type Reflector, startReflector } from '../engine/reflector.ts';
import { sleep } from '../engine/sleep.ts';
import { createStore, type Store } from '../engine/store.ts';
import { pipelineOf } from '../plan/located.ts';
import type { JobState, Observed, PodState } from '../plan/observed.ts';
import { childTypes, jobType, ownTypes, podType, secretType } from '../resource-types.ts';
import { jobStateOf } from './job-state.ts';
import { podStateOf } from './pod-state.ts';

export interface CachesOptions {
  readonly kube: Kube;
  /** Namespaces to look after; none: all. */
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  /** Something of the pipeline `namespace/name` is another. */
  readonly onChange: (key: string) => void;
  readonly onError: (what: { readonly resource: string; readonly error: unknown; readonly retryInMs: number }) => void;
}

/** What the API server tells of a pipeline. */
type Known = Omit<Observed, 'reports' | 'scaling'>;

/** What the cluster has, as far as it concerns the operator, kept up to date by watches. */
export interface Caches {
  readonly synced: Promise<void>;
  /** Resolves when all watches have ended, after the signal. */
  stopped(): Promise<void>;
  /**
   * An API of others came or went: what was made of it is watched from now on, or no more. Resolves when that is listed, or
   * might never be: who may not list it has it not.
   */
  serve(type: ResourceType, served: boolean): Promise<void>;
  observe(key: string): Known;
  /** Pods by pipeline. */
  pods(): ReadonlyMap<string, readonly PodState[]>;
  /** All pipelines that anything refers to, `namespace/name`. */
  keys(): ReadonlySet<string>;
  /** The watch that has given no sign of life for longest. */
  quietest(): { readonly resource: string; readonly forMs: number };
  /** Objects that are kept, by resource. */
  sizes(): Readonly<Record<string, number>>;
}

const managed = Object.entries(managedBy)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

/** Text takes a fraction of the memory of objects, and is read only when its pipeline is looked at. */
const packed = ({ metadata, ...rest }: KubeObject): string => {
  const { managedFields: _, ...kept } = metadata as KubeObject['metadata'] & { managedFields?: unknown };
  return JSON.stringify({ ...rest, metadata: kept });
};
const unpacked = (text: string): KubeObject => JSON.parse(text) as KubeObject;

const ofPipeline = ({ metadata }: KubeObject): readonly string[] => {
  const pipeline = metadata.labels?.[pipelineLabel];
  return pipeline === undefined ? [] : [`${metadata.namespace}/${pipeline}`];
};

const ofOwnKind = (object: KubeObject): readonly string[] => {
  const pipeline = pipelineOf(object);
  return pipeline === undefined ? [] : [`${object.metadata.namespace}/${pipeline}`];
};

/** So long a start waits for what was made of APIs of others. */
const knownWithinMs = 5_000;

/** What was made of an API that the cluster may lose. */
interface Optional {
  /** What is there is known. */
  isKnown: boolean;
  readonly watched: Watched<string>;
  readonly running: readonly Running[];
  stop(): void;
}

interface Watched<T> {
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly store: Store<T>;
}

export const startCaches = (options: CachesOptions): Caches => {
  const { onChange } = options;
  const changed = (keys: readonly string[]): void => keys.forEach(onChange);
  const watched = <T>(
    type: ResourceType,
    store: Parameters<typeof createStore<T>>[0],
    selection: Selection = {},
  ): Watched<T> => ({ type, selection, store: createStore(store) });

  const own = [...ownTypes.values()].map((type) =>
    watched<string>(type, { keep: packed, indexOf: ofOwnKind, onChange: changed }),
  );
  const watchedChild = (type: ResourceType) =>
    watched<string>(type, { keep: packed, indexOf: ofPipeline, onChange: changed }, { labelSelector: managed });
  const always = childTypes.map(watchedChild);
  const optional = new Map<string, Optional>();
  const children = () => [...always, ...[...optional.values()].map((one) => one.watched)];
  const pods = watched<PodState>(
    podType,
    { keep: podStateOf, indexOf: ofPipeline, onChange: changed },
    { labelSelector: managed },
  );
  const jobs = watched<JobState>(
    jobType,
    { keep: jobStateOf, indexOf: ofPipeline, onChange: changed },
    { labelSelector: managed },
  );
  const keys = (): ReadonlySet<string> =>
    new Set([...own, ...children()].flatMap(({ store }) => [...store.indexKeys()]));
  const secrets = watched<string>(
    secretType,
    {
      keep: ({ metadata }) => metadata.name,
      indexOf: ({ metadata }) => [metadata.namespace ?? ''],
      // Whoever waits for one looks whether it is the one.
      onChange: (namespaces) => {
        for (const key of keys()) if (namespaces.includes(key.split('/')[0] ?? '')) onChange(key);
      },
    },
    { metadataOnly: true },
  );
  const all = () => [...own, ...children(), pods, jobs, secrets];
  const reflectors = [
    ...[...own, ...always, secrets].flatMap((one) => reflectorsOf(one, options)),
    ...reflectorsOf(pods, options),
    ...reflectorsOf(jobs, options),
  ];
  const running = () => [...reflectors, ...[...optional.values()].flatMap((one) => one.running)];
  const settled = async (what: 'synced' | 'stopped', of: readonly Running[]): Promise<void> => {
    await Promise.all(of.map(({ reflector }) => reflector[what]));
  };
  const lookAtAll = (): void => [...keys()].forEach(onChange);
  const begin = (type: ResourceType): Promise<void> => {
    const stopping = new AbortController();
    const signal = AbortSignal.any([options.signal, stopping.signal]);
    const one = watchedChild(type);
    const of = reflectorsOf(one, { ...options, signal });
    const begun: Optional = { isKnown: false, watched: one, running: of, stop: () => stopping.abort() };
    optional.set(type.kind, begun);
    const known = settled('synced', of).then(
      () => {
        begun.isKnown = true;
        lookAtAll();
      },
      () => undefined,
    );
    return Promise.race([known, sleep(knownWithinMs, systemTimers, signal)]);
  };
  return {
    synced: settled('synced', reflectors),
    stopped: () => settled('stopped', running()),
    serve: async (type, served) => {
      optional.get(type.kind)?.stop();
      optional.delete(type.kind);
      if (served) return begin(type);
      lookAtAll();
    },
    keys,
    observe: (key) => {
      const [namespace = '', pipeline = ''] = key.split('/');
      const by = (stores: readonly Watched<string>[]) => stores.flatMap(({ store }) => store.by(key)).map(unpacked);
      return {
        namespace,
        pipeline,
        resources: by(own),
        children: by(children()),
        pods: pods.store.by(key),
        jobs: jobs.store.by(key),
        served: new Set([...optional].filter(([, one]) => one.isKnown).map(([kind]) => kind)),
        secrets: new Set(secrets.store.by(namespace)),
      };
    },
    pods: () => new Map([...pods.store.indexKeys()].map((key) => [key, pods.store.by(key)])),
    quietest: () => quietestOf(running()),
    sizes: () => Object.fromEntries(all().map(({ type, store }) => [typeName(type), store.size()])),
  };
};

interface Running {
  readonly resource: string;
  readonly reflector: Reflector;
}

const quietestOf = (reflectors: readonly Running[]): ReturnType<Caches['quietest']> => {
  const now = systemTimers.now();
  return reflectors
    .map(({ resource, reflector }) => ({ resource, forMs: now - reflector.lastSign() }))
    .reduce((a, b) => (a.forMs > b.forMs ? a : b));
};

/** One for each namespace, or one for all. Several fill one store, so each replaces only what is of its own. */
const reflectorsOf = <T>({ type, selection, store }: Watched<T>, options: CachesOptions): readonly Running[] => {
  const { kube, namespaces, signal, onError } = options;
  const resource = typeName(type);
  return (namespaces.length === 0 ? [undefined] : namespaces).map((namespace) => ({
    resource,
    reflector: startReflector({
      kube,
      type,
      selection: { ...selection, namespace },
      store: {
        set: store.set,
        delete: store.delete,
        refill: () => store.refill(namespace),
      },
      signal,
      timers: systemTimers,
      random: Math.random,
      onError: (error, retryInMs) => onError({ resource, error, retryInMs }),
    }),
  }));
};

import type { KubeObject } from './kube/objects.ts';

const keyOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string => `${metadata.namespace ?? ''}/${metadata.name}`;

export interface StoreOptions<T> {
  /** What of an object is kept; the rest costs memory. */
  readonly keep: (object: KubeObject) => T;
  /** Under which keys it is found again; a pipeline, say. */
  readonly indexOf: (object: KubeObject) => readonly string[];
  /** Told of the index keys of what came, changed or went. */
  readonly onChange: (indexKeys: readonly string[]) => void;
}

/** What the API server has, as far as it has been told. Filled by one reflector; read by everybody. */
export interface Store<T> {
  get(key: string): T | undefined;
  by(indexKey: string): readonly T[];
  indexKeys(): Iterable<string>;
  size(): number;
  /** Begins to take all there is, in one namespace or in all, part by part. */
  refill(namespace?: string): Refill;
  set(object: KubeObject): void;
  delete(object: KubeObject): void;
}

/** A list of all there is; nothing has gone until it has ended. */
export interface Refill {
  add(objects: readonly KubeObject[]): void;
  /** What was not added has gone. */
  end(): void;
}

interface Entry<T> {
  readonly value: T;
  readonly resourceVersion: string | undefined;
  readonly index: readonly string[];
}

export const createStore = <T>({ keep, indexOf, onChange }: StoreOptions<T>): Store<T> => {
  const entries = new Map<string, Entry<T>>();
  const index = new Map<string, Set<string>>();

  const unindex = (key: string, { index: keys }: Entry<T>): void => {
    for (const indexKey of keys) {
      const set = index.get(indexKey);
      set?.delete(key);
      if (set?.size === 0) index.delete(indexKey);
    }
  };
  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    unindex(key, entry);
    entries.delete(key);
    onChange(entry.index);
  };
  const set = (object: KubeObject): void => {
    const key = keyOf(object);
    const before = entries.get(key);
    const { resourceVersion } = object.metadata;
    // A list after a lost watch brings what is known already.
    if (before !== undefined && before.resourceVersion === resourceVersion) return;
    if (before !== undefined) unindex(key, before);
    const entry: Entry<T> = { value: keep(object), resourceVersion, index: indexOf(object) };
    entries.set(key, entry);
    for (const indexKey of entry.index) {
      const known = index.get(indexKey) ?? new Set();
      index.set(indexKey, known.add(key));
    }
    // Also where it was before: who moves leaves something behind.
    onChange([...new Set([...(before?.index ?? []), ...entry.index])]);
  };
  return {
    get: (key) => entries.get(key)?.value,
    by: (indexKey) => [...(index.get(indexKey) ?? [])].flatMap((key) => entries.get(key)?.value ?? []),
    indexKeys: () => index.keys(),
    size: () => entries.size,
    set,
    delete: (object) => drop(keyOf(object)),
    refill: (namespace) => {
      const found = new Set<string>();
      const isAsked = (key: string) => namespace === undefined || key.startsWith(`${namespace}/`);
      return {
        add: (objects) => {
          for (const object of objects) {
            found.add(keyOf(object));
            set(object);
          }
        },
        end: () => {
          for (const key of [...entries.keys()]) if (isAsked(key) && !found.has(key)) drop(key);
        },
      };
    },
  };
};

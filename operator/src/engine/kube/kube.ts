import { linesOf } from '@groundswell/process';
import type { Connection, Request } from './connection.ts';
import { apiVersionOf, type KubeObject, pathOf, type ResourceType } from './objects.ts';

export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** Only metadata are sent; of Secrets, say, nobody needs the rest. */
  readonly metadataOnly?: boolean | undefined;
}

interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

interface ApplyOptions {
  readonly fieldManager: string;
  readonly subresource?: string;
  /** Only checks, writes nothing. */
  readonly dryRun?: boolean;
}

export interface Ref {
  readonly namespace: string;
  readonly name: string;
}

/** The API server, for any type. */
export interface Kube {
  list(
    type: ResourceType,
    selection: Selection & {
      readonly fieldSelector?: string;
      readonly limit?: number;
      readonly continueAt?: string | undefined;
    },
  ): Promise<ListPage>;
  /** Ends when the server or the signal ends it. */
  watch(
    type: ResourceType,
    options: Selection & { readonly resourceVersion: string; readonly signal: AbortSignal; readonly timeoutMs: number },
  ): AsyncIterable<WatchEvent>;
  get(type: ResourceType, ref: Ref): Promise<KubeObject>;
  /** Server-side apply, by force: what stands in the object is ours. */
  apply(type: ResourceType, object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  create(type: ResourceType, object: KubeObject): Promise<KubeObject>;
  /** Fails with 409 when the object was changed since `resourceVersion`. */
  replace(type: ResourceType, object: KubeObject): Promise<KubeObject>;
  /** Only this object, not a later one of the same name. Its own children go after it. */
  remove(type: ResourceType, ref: Ref & { readonly uid?: string | undefined }): Promise<void>;
  /** Kinds of a group that the server has now; empty where it does not know the group. */
  serves(group: string, version: string): Promise<ReadonlySet<string>>;
}

const metadataAccept = (what: string) => `application/json;as=${what};g=meta.k8s.io;v=v1,application/json`;

export const createKube = (connection: Connection): Kube => {
  const ask = async (request: Request): Promise<KubeObject> => (await connection.ask(request)) as KubeObject;
  return {
    list: async (type, { namespace, labelSelector, fieldSelector, metadataOnly, limit, continueAt }) => {
      const answer = (await connection.ask({
        method: 'GET',
        path: pathOf(type, { namespace }),
        query: { labelSelector, fieldSelector, limit: limit?.toString(), continue: continueAt },
        ...(metadataOnly === true && { accept: metadataAccept('PartialObjectMetadataList') }),
      })) as { items?: readonly KubeObject[]; metadata: { resourceVersion: string; continue?: string } };
      const { resourceVersion, continue: next } = answer.metadata;
      // Items of a list do not say what they are.
      const items = (answer.items ?? []).map((item) => ({ ...item, apiVersion: apiVersionOf(type), kind: type.kind }));
      return { items, resourceVersion, next: next === '' ? undefined : next };
    },
    watch: (type, options) => watchEvents(connection, type, options),
    get: (type, { namespace, name }) => ask({ method: 'GET', path: pathOf(type, { namespace, name }) }),
    apply: (type, object, { fieldManager, subresource, dryRun }) => {
      const { name, namespace } = object.metadata;
      return ask({
        method: 'PATCH',
        path: pathOf(type, { namespace, name, ...(subresource !== undefined && { subresource }) }),
        query: { fieldManager, force: 'true', ...(dryRun === true && { dryRun: 'All' }) },
        body: object,
        contentType: 'application/apply-patch+yaml',
      });
    },
    create: (type, object) =>
      ask({ method: 'POST', path: pathOf(type, { namespace: object.metadata.namespace }), body: object }),
    replace: (type, object) => {
      const { name, namespace } = object.metadata;
      return ask({ method: 'PUT', path: pathOf(type, { namespace, name }), body: object });
    },
    remove: async (type, { namespace, name, uid }) => {
      await connection.ask({
        method: 'DELETE',
        path: pathOf(type, { namespace, name }),
        body: { propagationPolicy: 'Background', ...(uid !== undefined && { preconditions: { uid } }) },
      });
    },
    serves: async (group, version) => {
      const all = (await connection.ask({ method: 'GET', path: '/apis' })) as {
        groups: readonly { name: string; versions: readonly { version: string }[] }[];
      };
      const known = all.groups.find(({ name }) => name === group);
      if (known?.versions.some((served) => served.version === version) !== true) return new Set();
      const found = (await connection.ask({ method: 'GET', path: `/apis/${group}/${version}` })) as {
        resources: readonly { name: string }[];
      };
      return new Set(found.resources.map(({ name }) => name));
    },
  };
};

async function* watchEvents(
  connection: Connection,
  type: ResourceType,
  options: Parameters<Kube['watch']>[1],
): AsyncIterable<WatchEvent> {
  const { namespace, labelSelector, metadataOnly, resourceVersion, signal, timeoutMs } = options;
  const response = await connection.open({
    method: 'GET',
    path: pathOf(type, { namespace }),
    query: {
      watch: 'true',
      allowWatchBookmarks: 'true',
      labelSelector,
      resourceVersion,
      timeoutSeconds: String(Math.round(timeoutMs / 1_000)),
    },
    ...(metadataOnly === true && { accept: metadataAccept('PartialObjectMetadata') }),
    signal,
    // The server ends it before; bookmarks come every minute, so longer silence is a dead connection.
    timeoutMs: Math.min(timeoutMs + 10_000, 90_000),
  });
  try {
    for await (const line of linesOf(response)) {
      const event = JSON.parse(line) as WatchEvent;
      yield event.type === 'ERROR'
        ? event
        : { ...event, object: { ...event.object, apiVersion: apiVersionOf(type), kind: type.kind } };
    }
  } finally {
    response.destroy();
  }
}

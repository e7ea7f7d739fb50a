import { expect, test } from 'vitest';
import type { Kube, WatchEvent } from './kube/kube.ts';
import type { KubeObject } from './kube/objects.ts';
import { startReflector } from './reflector.ts';
import { createStore } from './store.ts';

const type = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };
const pod = (name: string, resourceVersion: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name, namespace: 'x', resourceVersion },
});
const event = (what: WatchEvent['type'], object: KubeObject): WatchEvent => ({ type: what, object });
const failure = (code: number): WatchEvent =>
  event('ERROR', { code, message: 'it is said so' } as unknown as KubeObject);

/** What the server says to each list and each watch, in turn; after the last it is silent. */
const follow = async (script: {
  readonly lists: readonly (readonly KubeObject[])[];
  readonly watches: readonly (readonly WatchEvent[])[];
}) => {
  const stopping = new AbortController();
  const asked: string[] = [];
  const store = createStore({ keep: ({ metadata }) => metadata.name, indexOf: () => ['all'], onChange: () => {} });
  const [lists, watches] = [[...script.lists], [...script.watches]];
  const kube: Pick<Kube, 'list' | 'watch'> = {
    list: async () => {
      asked.push('list');
      return {
        items: lists.shift() ?? [],
        resourceVersion: `list-${script.lists.length - lists.length}`,
        next: undefined,
      };
    },
    watch: async function* (_, { resourceVersion }) {
      asked.push(`watch from ${resourceVersion}`);
      const events = watches.shift();
      if (events === undefined) stopping.abort();
      else yield* events;
    },
  };
  const { stopped } = startReflector({
    ...{ kube: kube as Kube, type, selection: {}, store, signal: stopping.signal, random: () => 0 },
    timers: {
      now: () => 0,
      after: (_, then) => {
        queueMicrotask(then);
        return () => {};
      },
    },
    onError: () => {},
  });
  await stopped;
  return { asked, names: [...store.by('all')].sort() };
};

test('a place in the history that is no longer kept (410) makes it list again, and what went meanwhile is dropped', async () => {
  const seen = await follow({
    lists: [
      [pod('a', '1'), pod('b', '2')],
      [pod('b', '2'), pod('c', '9')],
    ],
    watches: [[event('MODIFIED', pod('a', '3')), failure(410)]],
  });
  expect(seen).toEqual({ asked: ['list', 'watch from list-1', 'list', 'watch from list-2'], names: ['b', 'c'] });
});

test('after any other failure, and after a watch that ended, it goes on where it was', async () => {
  const seen = await follow({
    lists: [[pod('a', '1')]],
    watches: [
      [event('ADDED', pod('b', '5')), failure(500)],
      [event('DELETED', pod('a', '6'))],
      [event('BOOKMARK', pod('', '8'))],
    ],
  });
  expect(seen).toEqual({
    asked: ['list', 'watch from list-1', 'watch from 5', 'watch from 6', 'watch from 8'],
    names: ['b'],
  });
});

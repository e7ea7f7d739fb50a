import { expect, test } from 'vitest';
import type { KubeObject } from './kube/objects.ts';
import { createStore } from './store.ts';

const object = (name: string, resourceVersion = '1', namespace = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, resourceVersion },
});

const filled = () => {
  const changes: string[] = [];
  const store = createStore<string>({
    keep: ({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`,
    indexOf: ({ metadata }) => [metadata.name],
    onChange: (keys) => changes.push(...keys),
  });
  for (const one of [object('a'), object('b'), object('c', '1', 'other')]) store.set(one);
  changes.length = 0;
  return { store, changes };
};

test('what a list has no more is gone when the list has ended, and not before', () => {
  const { store, changes } = filled();
  const refill = store.refill();
  refill.add([object('a')]);
  refill.add([object('c', '1', 'other')]);
  expect(store.size()).toBe(3);
  refill.end();
  expect([...store.indexKeys()].sort()).toEqual(['a', 'c']);
  expect(changes).toEqual(['b']);
});

test('a list that breaks off has taken nothing away, and what it brought counts', () => {
  const { store } = filled();
  store.refill().add([object('a', '2')]);
  const whole = store.refill();
  whole.add([object('a', '2'), object('b'), object('c', '1', 'other')]);
  whole.end();
  expect(store.by('a')).toEqual(['a@2']);
  expect(store.size()).toBe(3);
});

test('the list of a namespace says nothing of others', () => {
  const { store, changes } = filled();
  store.refill('default').end();
  expect([...store.indexKeys()]).toEqual(['c']);
  expect(changes.sort()).toEqual(['a', 'b']);
});

test('what is known already is no change', () => {
  const { store, changes } = filled();
  store.set(object('a'));
  store.set(object('b', '2'));
  expect(changes).toEqual(['b']);
});

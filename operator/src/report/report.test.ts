import { expect, test } from 'vitest';
import type { Kube } from '../engine/kube/kube.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { createRecorder } from './events.ts';
import { reportStatuses } from './report.ts';

const window: KubeObject = {
  ...{ apiVersion: 'groundswell.dev/v1alpha1', kind: 'FeatureWindow' },
  metadata: { name: 'says', namespace: 'n', uid: 'u' },
};

test('a number of pods is recommended once, also while the watch is behind and the decision is made again', async () => {
  const notes: unknown[] = [];
  const create = async (_: unknown, event: KubeObject) => {
    notes.push(event['note']);
    return event;
  };
  const kube = { create, apply: async () => window } as unknown as Kube;
  const record = createRecorder({ kube, instance: 'i', now: () => 0, onError: () => undefined });
  const scaling = { from: 1, reason: 'MoreArrivals', message: 'm', applied: false };
  for (const [decidedAt, to] of [
    ['t1', 6],
    ['t2', 6],
    ['t3', 5],
  ] as const)
    await reportStatuses(kube, [{ object: window, status: { scaling: { ...scaling, to, decidedAt } } }], record);
  expect(notes).toEqual(['From 1 to 6 pods (MoreArrivals): m', 'From 1 to 5 pods (MoreArrivals): m']);
});

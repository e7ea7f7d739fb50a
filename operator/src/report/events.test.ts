import { expect, test } from 'vitest';
import type { Kube } from '../engine/kube/kube.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { createRecorder } from './events.ts';

const about: KubeObject = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', namespace: 'n', uid: 'u' } };

test('a state is told once until it changes, a deed each time', () => {
  const told: string[] = [];
  const create = async (_: unknown, event: KubeObject) => {
    told.push(`${event['action']} ${event['reason']}`);
    return event;
  };
  const kube = { create } as unknown as Kube;
  const record = createRecorder({ kube, instance: 'i', now: () => 0, onError: () => undefined });
  const state = (reason: string) => record(about, { type: 'Normal', reason, action: 'Ready', note: '', state: reason });
  for (const reason of ['NotDeployed', 'AllWell', 'AllWell', 'NotDeployed']) state(reason);
  for (let i = 0; i < 2; i++) record(about, { type: 'Normal', reason: 'ScaledUp', action: 'Scale', note: '' });
  expect(told).toEqual(['Ready NotDeployed', 'Ready AllWell', 'Ready NotDeployed', 'Scale ScaledUp', 'Scale ScaledUp']);
});

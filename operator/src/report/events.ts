import type { Kube } from '../engine/kube/kube.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import { eventType } from '../resource-types.ts';

/** What an Event tells. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** What was done, or which condition changed. */
  readonly action: string;
  readonly note: string;
}

/** Tells those who `kubectl describe` the object. Never fails and never waits: an Event that is lost changes nothing. */
export type Recorder = (about: KubeObject, happening: Happening) => void;

interface RecorderOptions {
  readonly kube: Kube;
  /** Name of this replica. */
  readonly instance: string;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

export const createRecorder = ({ kube, instance, now, onError }: RecorderOptions): Recorder => {
  let count = 0;
  return (about, { type, reason, action, note }) => {
    const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
    count += 1;
    const at = now();
    const event: KubeObject = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${name}.${at.toString(16)}${count.toString(16).padStart(4, '0')}`, namespace },
      eventTime: new Date(at).toISOString().replace('Z', '000Z'),
      reportingController: 'groundswell.dev/operator',
      reportingInstance: instance.slice(0, 128),
      regarding: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
      type,
      reason,
      action,
      note: note.slice(0, 1_000),
    };
    kube.create(eventType, event).catch(onError);
  };
};

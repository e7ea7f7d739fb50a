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
  /** What is so now, when this is no deed: told again only after another state of the same action. */
  readonly state?: string;
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

/** Objects whose last states are remembered; what is forgotten may be told twice. */
const maxRemembered = 20_000;

export const createRecorder = ({ kube, instance, now, onError }: RecorderOptions): Recorder => {
  let count = 0;
  // The watch may still show the status from before the last write; what was told then must not be told again.
  const states = new Map<string, string>();
  const isKnown = (key: string, state: string): boolean => {
    if (states.get(key) === state) return true;
    states.delete(key);
    states.set(key, state);
    const [oldest] = states.size > maxRemembered ? states.keys() : [];
    if (oldest !== undefined) states.delete(oldest);
    return false;
  };
  return (about, { type, reason, action, note, state }) => {
    const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
    if (state !== undefined && isKnown(`${uid} ${action}`, state)) return;
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

import type { Kube } from '../engine/kube/kube.ts';
import { type ResourceType, typeName } from '../engine/kube/objects.ts';
import type { Timers } from '../engine/queue.ts';
import { sleep } from '../engine/sleep.ts';

export interface ApisOptions {
  readonly kube: Pick<Kube, 'serves'>;
  /** APIs that a cluster may or may not have. */
  readonly types: readonly ResourceType[];
  readonly timers: Timers;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Told of each that came or went, and of those that are there at the first look. */
  readonly onChange: (type: ResourceType, served: boolean) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Follows which APIs the cluster has: others install and remove theirs at any time. By discovery, which everybody may ask, and not by the
 * CRDs, for which a namespaced operator would need a right in the whole cluster.
 */
export const followApis = (
  options: ApisOptions,
): { readonly first: Promise<void>; readonly stopped: Promise<void> } => {
  const { kube, types, timers, everyMs, signal, onChange, onError } = options;
  const served = new Set<string>();
  const lookAt = async (type: ResourceType): Promise<void> => {
    const name = typeName(type);
    const isServed = (await kube.serves(type.group, type.version)).has(type.plural);
    if (signal.aborted || isServed === served.has(name)) return;
    if (isServed) served.add(name);
    else served.delete(name);
    await onChange(type, isServed);
  };
  const look = async (): Promise<void> => {
    await Promise.all(types.map(lookAt));
  };
  const failed = (error: unknown): void => {
    if (!signal.aborted) onError(error);
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(everyMs, timers, signal);
      if (!signal.aborted) await look().catch(failed);
    }
  };
  const first = look().catch(failed);
  return { first, stopped: first.then(run) };
};

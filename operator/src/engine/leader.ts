import { isConflict, isNotFound } from './kube/api-error.ts';
import type { Kube, Ref } from './kube/kube.ts';
import type { KubeObject, ResourceType } from './kube/objects.ts';
import type { Timers } from './queue.ts';
import { sleep } from './sleep.ts';

const leases: ResourceType = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease' };

export interface LeaderOptions {
  readonly kube: Kube;
  readonly lease: Ref;
  /** Names this replica; must differ between replicas. */
  readonly identity: string;
  /** A lease that was not renewed for so long may be taken by another, ms. */
  readonly leaseMs: number;
  /** The leader gives up when it could not renew for so long; less than `leaseMs`. */
  readonly renewWithinMs: number;
  readonly retryMs: number;
  readonly timers: Timers;
  /** Wall time, ms. Only ever compared with what the same replica has seen before. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onError?: (error: unknown) => void;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/**
 * Holds a Lease for as long as it can, and runs `lead` meanwhile: only one replica does at a time. As client-go does it: clocks of
 * replicas are not compared, a lease is free when it has not *changed* for its duration. `lead` gets a signal that is aborted when the
 * lease is lost; then this resolves, and the process should end.
 */
export const leadWhileElected = async (
  options: LeaderOptions,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const { signal, timers } = options;
  const watcher = createWatcher(options);
  while (!signal.aborted && !(await watcher.tryHold())) await sleep(options.retryMs, timers, signal);
  if (signal.aborted) return;
  const leading = new AbortController();
  const stop = () => leading.abort();
  signal.addEventListener('abort', stop, { once: true });
  const work = lead(leading.signal);
  try {
    await Promise.race([work, renewUntilLost(options, watcher, leading.signal)]);
  } finally {
    leading.abort();
    await work.catch(() => {});
    signal.removeEventListener('abort', stop);
    // Another may take over at once.
    await watcher.release().catch(() => {});
  }
};

const renewUntilLost = async (
  { timers, retryMs, renewWithinMs }: LeaderOptions,
  watcher: ReturnType<typeof createWatcher>,
  signal: AbortSignal,
): Promise<void> => {
  let renewedAt = timers.now();
  while (!signal.aborted) {
    await sleep(retryMs, timers, signal);
    if (signal.aborted) return;
    if (await watcher.tryHold()) renewedAt = timers.now();
    else if (watcher.isAnothers() || timers.now() - renewedAt > renewWithinMs) return;
  }
};

const createWatcher = ({ kube, lease, identity, leaseMs, timers, now, onError }: LeaderOptions) => {
  let seen: { readonly version: string; readonly at: number; readonly holder: string } | undefined;
  let mine = false;

  const write = async (found: KubeObject | undefined): Promise<boolean> => {
    const before = (found?.['spec'] ?? {}) as LeaseSpec;
    const time = new Date(now()).toISOString().replace('Z', '000Z');
    const held = before.holderIdentity === identity;
    const object: KubeObject = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...lease,
        ...(found?.metadata.resourceVersion !== undefined && { resourceVersion: found.metadata.resourceVersion }),
      },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(leaseMs / 1_000),
        acquireTime: held ? before.acquireTime : time,
        renewTime: time,
        leaseTransitions: (before.leaseTransitions ?? 0) + (held || found === undefined ? 0 : 1),
      },
    };
    await (found === undefined ? kube.create(leases, object) : kube.replace(leases, object));
    mine = true;
    return true;
  };

  const tryOnce = async (): Promise<boolean> => {
    const found = await kube.get(leases, lease).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    const holder = ((found?.['spec'] ?? {}) as LeaseSpec).holderIdentity ?? '';
    const version = found?.metadata.resourceVersion ?? '';
    if (seen?.version !== version) seen = { version, at: timers.now(), holder };
    const isFree = holder === '' || holder === identity || timers.now() - seen.at > leaseMs;
    if (!isFree) {
      mine = false;
      return false;
    }
    return write(found);
  };
  return {
    /** Takes or renews the lease. False when another has it, or nothing could be found out. */
    tryHold: async (): Promise<boolean> => {
      try {
        return await tryOnce();
      } catch (error) {
        if (!isConflict(error)) onError?.(error);
        return false;
      }
    },
    isAnothers: () => seen !== undefined && seen.holder !== '' && seen.holder !== identity && !mine,
    release: async (): Promise<void> => {
      if (!mine) return;
      mine = false;
      const found = await kube.get(leases, lease);
      const spec = found['spec'] as LeaseSpec;
      if (spec.holderIdentity !== identity) return;
      await kube.replace(leases, { ...found, spec: { ...spec, holderIdentity: '', leaseDurationSeconds: 1 } });
    },
  };
};

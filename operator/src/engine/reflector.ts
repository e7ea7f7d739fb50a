import { backoffMs } from '@groundswell/process';
import { ApiError, isGone } from './kube/api-error.ts';
import type { Kube, Selection, WatchEvent } from './kube/kube.ts';
import type { KubeObject, ResourceType } from './kube/objects.ts';
import type { Timers } from './queue.ts';
import { sleep } from './sleep.ts';
import type { Refill } from './store.ts';

export interface ReflectorOptions {
  readonly kube: Kube;
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly store: {
    refill(): Refill;
    set(object: KubeObject): void;
    delete(object: KubeObject): void;
  };
  readonly signal: AbortSignal;
  readonly timers: Timers;
  readonly random: () => number;
  /** How long one watch lasts before it is begun anew, ms. */
  readonly watchMs?: number;
  readonly onError?: (error: unknown, retryInMs: number) => void;
}

export interface Reflector {
  /** Resolves when everything was listed for the first time; rejects only when it is stopped before. */
  readonly synced: Promise<void>;
  /** Resolves when it has stopped, after its signal. */
  readonly stopped: Promise<void>;
  /** Time of the last answer, event or attempt, by the clock of the timers: who is silent for long is stuck. */
  lastSign(): number;
}

/** Objects take ten times the memory of what is kept of them, so few are in hand at once. */
const pageSize = 100;

/**
 * Keeps a store equal to what the API server has: lists, then watches from there, and goes on after whatever happens. A lost
 * connection is taken up where it ended; only when that place is no longer kept (410) everything is listed again.
 */
export const startReflector = (options: ReflectorOptions): Reflector => {
  const { store, signal, timers } = options;
  let sign = timers.now();
  let sync: { resolve(): void; reject(error: unknown): void } = { resolve: () => {}, reject: () => {} };
  const synced = new Promise<void>((resolve, reject) => {
    sync = { resolve, reject };
  });
  // Nobody may be waiting for it.
  synced.catch(() => {});
  const heard = (): void => {
    sign = timers.now();
  };

  const takeEvent = ({ type, object }: WatchEvent): string | undefined => {
    heard();
    if (type === 'ERROR') {
      const { code, message } = object as unknown as { code?: number; message?: string };
      throw new ApiError(`watch ${options.type.plural}`, code ?? 0, JSON.stringify({ message: message ?? '' }));
    }
    if (type === 'DELETED') store.delete(object);
    else if (type !== 'BOOKMARK') store.set(object);
    return object.metadata.resourceVersion;
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let from: string | undefined;
    while (!signal.aborted) {
      try {
        heard();
        if (from === undefined) {
          from = await listAll(options, heard);
          sync.resolve();
        }
        const watchMs = (options.watchMs ?? 300_000) * (1 - options.random() / 2);
        const since = timers.now();
        for await (const event of options.kube.watch(options.type, {
          ...options.selection,
          resourceVersion: from,
          signal,
          timeoutMs: watchMs,
        })) {
          from = takeEvent(event) ?? from;
          failures = 0;
        }
        // A server that ends every watch at once is not to be asked a thousand times in a second.
        if (timers.now() - since < 1_000) await sleep(1_000, timers, signal);
      } catch (error) {
        if (signal.aborted) break;
        heard();
        if (isGone(error)) from = undefined;
        const waitMs = backoffMs(failures, { initialMs: 200, maxMs: 30_000, random: options.random });
        failures += 1;
        options.onError?.(error, waitMs);
        await sleep(waitMs, timers, signal);
      }
    }
    sync.reject(new Error(`Cannot list ${options.type.plural}: stopped before it was done`));
  };
  return { synced, stopped: run(), lastSign: () => sign };
};

/** @returns the version from which to watch */
const listAll = async ({ kube, type, selection, store }: ReflectorOptions, heard: () => void): Promise<string> => {
  const refill = store.refill();
  for (let continueAt: string | undefined; ; ) {
    const page = await kube.list(type, { ...selection, limit: pageSize, continueAt });
    heard();
    refill.add(page.items);
    continueAt = page.next;
    if (continueAt === undefined) {
      refill.end();
      return page.resourceVersion;
    }
  }
};

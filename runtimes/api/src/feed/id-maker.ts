import { createIds, type Ids, idWorkers } from '@groundswell/feeds';
import type { Clock } from '@groundswell/process';
import type { KeyValue } from '@groundswell/stores';
import { feedKeysOf } from '@groundswell/wire';

/** A worker number that nobody holds on to for so long is free again, ms. */
const leaseMs = 60_000;

/** It is held on to this often, and not used for so long without, ms. Clocks may differ by what is left of the lease. */
const renewMs = 15_000;
const useMs = 45_000;

/** Makes ids that no other process makes: only its worker number was agreed on, once. */
export interface IdMaker {
  /** @throws Error where all worker numbers are taken, or the store does not answer */
  next(): Promise<number>;
}

interface IdMakerOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly clock: Clock;
}

export const createIdMaker = ({ keyValue, pipeline, clock }: IdMakerOptions): IdMaker => {
  const keys = feedKeysOf(pipeline);
  let held: { readonly worker: number; until: number } | undefined;
  let renewing: Promise<void> | undefined;
  let ids: Ids | undefined;

  const isFree = async (worker: number): Promise<boolean> => {
    const batch = keyValue.batch();
    const holders = batch.counterAdd(keys.worker(worker), 1);
    // Also for one that is taken: that only keeps it a little longer.
    batch.expire(keys.worker(worker), leaseMs);
    await batch.run();
    return holders.value() === 1;
  };
  const claim = async (): Promise<void> => {
    const asked = clock.now();
    // Not all from 0 on: those who start together would all wait for one another.
    const first = asked % idWorkers;
    for (let i = 0; i < idWorkers; i++) {
      const worker = (first + i) % idWorkers;
      if (!(await isFree(worker))) continue;
      held = { worker, until: asked + useMs };
      if (ids === undefined) ids = createIds(worker);
      else ids.moveTo(worker);
      return;
    }
    throw new Error(`Cannot make ids: all ${idWorkers} worker numbers are taken, wait ${leaseMs / 1000} s for one`);
  };
  const renew = async (worker: number): Promise<void> => {
    const asked = clock.now();
    const batch = keyValue.batch();
    batch.expire(keys.worker(worker), leaseMs);
    await batch.run();
    if (held?.worker === worker) held.until = asked + useMs;
  };
  return {
    next: async () => {
      const now = clock.now();
      if (held === undefined || now >= held.until) {
        renewing ??= claim().finally(() => {
          renewing = undefined;
        });
        await renewing;
      } else if (now >= held.until - useMs + renewMs) {
        const { worker } = held;
        // In good time: nobody waits for it.
        renewing ??= renew(worker)
          .catch(() => undefined)
          .finally(() => {
            renewing = undefined;
          });
      }
      if (ids === undefined) throw new Error('Cannot make ids: there is no worker number');
      return ids.next(clock.now());
    },
  };
};

import type { Clock, Logger } from '@groundswell/process';
import { type Fence, FencedError, type KeyValue } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';

/**
 * Of several workers one works, and the others stand by. Who has been silent is replaced, and kept out of everything that
 * is written with the fence: it finds out with its next write.
 */
export interface Lease {
  /** Whether this worker is the one that works. Looks about once a second. */
  hold(): Promise<boolean>;
  /** For all that the worker writes; undefined where it is alone anyway. */
  fence(): Fence | undefined;
  /** To be called with what a write failed with. @throws what is no sign of a successor */
  lost(error: unknown): void;
  /** Lets another begin at once. */
  release(): Promise<void>;
}

const lookEveryMs = 1_000;

/** Whose sign of life is not renewed for so long is replaced. Seen with one's own clock, so no two need agree. */
const silenceMs = 5_000;

interface LeaseOptions {
  readonly pipeline: string;
  readonly keyValue: KeyValue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where no other process can be. */
export const soleLease: Lease = {
  hold: async () => true,
  fence: () => undefined,
  lost: (error) => {
    throw error;
  },
  release: async () => undefined,
};

export const createLease = ({ pipeline, keyValue, clock, logger }: LeaseOptions): Lease => {
  const keys = keysOf(pipeline);
  let epoch: number | undefined;
  let beat = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let seen: { readonly sign: string | undefined; readonly at: number } | undefined;

  const fence = (): Fence | undefined => (epoch === undefined ? undefined : { scope: keys.alertingFence, epoch });
  const lost = (error: unknown): void => {
    if (!(error instanceof FencedError)) throw error;
    if (epoch !== undefined) logger.info({ epoch }, 'another worker tells alerts now');
    epoch = undefined;
    seen = undefined;
  };
  const give = async (sign: string): Promise<void> => {
    const batch = keyValue.batch(fence());
    batch.hashSet(keys.alertingLease, { sign });
    await batch.run();
  };
  const takeOver = async (): Promise<void> => {
    const batch = keyValue.batch();
    const drawn = batch.counterAdd(keys.alertingEpoch, 1);
    await batch.run();
    epoch = drawn.value();
    await give(`${epoch}:0`);
    logger.info({ epoch }, 'tells alerts');
  };
  const standBy = async (): Promise<void> => {
    const batch = keyValue.batch();
    const found = batch.hashGet(keys.alertingLease, ['sign']);
    await batch.run();
    const [sign] = found.value();
    if (seen === undefined || seen.sign !== sign) seen = { sign, at: clock.now() };
    const isFree = sign === undefined || sign === '';
    if (isFree || clock.now() - seen.at >= silenceMs) await takeOver();
  };

  return {
    hold: async () => {
      if (clock.now() - lookedAt < lookEveryMs) return epoch !== undefined;
      lookedAt = clock.now();
      try {
        if (epoch === undefined) await standBy();
        else await give(`${epoch}:${++beat}`);
      } catch (error) {
        lost(error);
      }
      return epoch !== undefined;
    },
    fence,
    lost,
    release: async () => {
      if (epoch === undefined) return;
      try {
        await give('');
      } catch (error) {
        lost(error);
      }
      epoch = undefined;
    },
  };
};

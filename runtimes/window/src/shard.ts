import { FencedError } from '@groundswell/stores';
import type { Windower } from '@groundswell/windowing';
import type { Intake } from './intake.ts';
import type { Joining } from './join/joining.ts';
import type { WindowEvent } from './join/window-event.ts';
import type { Leave } from './revisions/leave.ts';
import type { Saves } from './saves.ts';
import type { Sink } from './sinks/sink.ts';
import type { PendingWrites } from './writes.ts';

/** Results between two writes. */
const maxUpserts = 20_000;

/** The state of one partition, with what leads to it and from it. It moves from worker to worker as a whole. */
export interface Shard {
  readonly partition: number;
  /** Of who has it. */
  readonly epoch: number;
  /** From now on it writes in this epoch, which is above that of whoever wrote to its keys. */
  renew(epoch: number): void;
  readonly windower: Windower<WindowEvent>;
  /** How far whoever had it has come, event time in ms; −Infinity where nobody has said. */
  readonly toldBefore: number;
  readonly intake: Intake;
  readonly saves: Saves;
  /** Where the window joins tables, and events do not come with their rows. */
  readonly joining: Joining | undefined;
  /** Nothing comes in, so its watermark does not hold back those of other workers. */
  isIdle(): boolean;
  /** Writes what became due; answers how many results. @throws FencedError when somebody else has the shard by now */
  publish(): Promise<number>;
  /**
   * Forgets so many keys that were silent for longest; answers how many. The next `publish` says so: a save has to come before
   * it, so that nobody hears of what somebody who goes on from here would not do.
   */
  evict(keys: number): number;
  /** Keys that were, since the state began. */
  evicted(): number;
  /** Writes all of its results again, and takes them away from where it wrote before, but for those that `leave` says stay. */
  withdraw(leave: Leave): Promise<void>;
  /** Other sinks for the same results: they keep more or less of them, for longer or shorter. */
  writeTo(sinks: readonly Sink[]): void;
}

export interface ShardParts extends Omit<Shard, 'publish' | 'writeTo' | 'withdraw' | 'evict' | 'evicted'> {
  /** By those who had it before. */
  readonly evicted: number;
  readonly sinks: readonly Sink[];
  readonly writes: PendingWrites;
}

export const createShard = ({ sinks: initial, writes, evicted: before, ...shard }: ShardParts): Shard => {
  let sinks = initial;
  let evicted = before;
  let emptied: ReturnType<typeof windower.fire> = [];
  const { windower } = shard;
  const write = (upserts: ReturnType<typeof windower.fire>): number => {
    if (upserts.length > 0) for (const sink of sinks) sink.write(upserts, writes);
    return upserts.length;
  };
  return {
    ...shard,
    writeTo: (others) => {
      sinks = others;
    },
    evict: (keys) => {
      const gone = windower.evict(keys);
      evicted += gone.keys;
      emptied = [...emptied, ...gone.upserts];
      return gone.keys;
    },
    evicted: () => evicted,
    withdraw: async (leave) => {
      windower.republish();
      for (let fired = maxUpserts; fired >= maxUpserts; ) {
        const upserts = windower.fire(maxUpserts);
        fired = write(upserts);
        await leave(upserts, writes);
        try {
          await writes.flush();
        } catch (error) {
          // The one in force has written there meanwhile: that stands.
          if (!(error instanceof FencedError)) throw error;
        }
      }
    },
    publish: async () => {
      let results = write(emptied);
      emptied = [];
      for (;;) {
        const fired = write(windower.fire(maxUpserts));
        results += fired;
        if (fired < maxUpserts) break;
        await writes.flush();
      }
      results += write(windower.heads());
      await writes.flush();
      return results;
    },
  };
};

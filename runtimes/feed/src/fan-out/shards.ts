import { cursorOf, doneCursor, jobField, type Origin, ownerField, parseShardState, settle } from '@groundswell/feeds';
import { FencedError, type KeyValue } from '@groundswell/stores';
import { feedKeysOf } from '@groundswell/wire';

/** A shard that this worker has taken over, and what it knows of it. */
interface Shard {
  readonly epoch: number;
  readonly floors: Map<number, bigint>;
  readonly cursors: Map<string, string>;
}

/** The shards of this worker, with how far each of their jobs has come. */
export interface Shards {
  /** Takes over those that are not its own yet: whoever had them cannot write there any more. */
  own(shards: Iterable<number>): Promise<void>;
  /** Forgets a shard: somebody else has it, or it is no longer known how far it is. */
  drop(shard: number): void;
  has(shard: number): boolean;
  /** Undefined for a job that was not begun. */
  cursorOf(shard: number, origin: Origin): string | undefined;
  moved(shard: number, origin: Origin, cursor: string): void;
  /** Text of the owner field. */
  ownerOf(shard: number): string;
  /** Keeps jobs that are done as one number for all. Answers shards that somebody else has taken. */
  settle(done: ReadonlyMap<number, readonly Origin[]>): Promise<readonly number[]>;
}

/** Of a fence. */
const scope = 'gs-feed';

export const createShards = (pipeline: string, keyValue: KeyValue): Shards => {
  const keys = feedKeysOf(pipeline);
  const owned = new Map<number, Shard>();

  const takeOver = async (shards: readonly number[]): Promise<void> => {
    const counting = keyValue.batch();
    const counted = counting.counterAdd(keys.epoch, 1);
    await counting.run();
    const epoch = counted.value();
    const taking = keyValue.batch({ scope, epoch });
    for (const shard of shards) taking.hashSet(keys.shard(shard), { [ownerField]: String(epoch) });
    try {
      await taking.run();
    } catch (error) {
      // Of some; which, is read below.
      if (!(error instanceof FencedError)) throw error;
    }
    const reading = keyValue.batch();
    const replies = shards.map((shard) => [shard, reading.hashGetAll(keys.shard(shard))] as const);
    await reading.run();
    for (const [shard, reply] of replies) {
      const { owner, floors, cursors } = parseShardState(reply.value());
      if (owner === String(epoch)) owned.set(shard, { epoch, floors: new Map(floors), cursors: new Map(cursors) });
    }
  };
  const settleShard = async (number: number, origins: readonly Origin[]): Promise<void> => {
    const shard = owned.get(number);
    if (shard === undefined) return;
    const { floors, jobs } = settle(origins);
    const batch = keyValue.batch({ scope, epoch: shard.epoch });
    batch.hashSet(keys.shard(number), floors);
    batch.hashDelete(keys.shard(number), jobs);
    await batch.run();
    for (const job of jobs) shard.cursors.delete(job);
    for (const [partition, offset] of parseShardState(floors).floors) shard.floors.set(partition, offset);
  };

  return {
    own: async (shards) => {
      const missing = [...new Set(shards)].filter((shard) => !owned.has(shard));
      if (missing.length > 0) await takeOver(missing);
    },
    drop: (shard) => {
      owned.delete(shard);
    },
    has: (shard) => owned.has(shard),
    cursorOf: (number, origin) => {
      const shard = owned.get(number);
      return shard === undefined ? undefined : cursorOf({ owner: undefined, ...shard }, origin);
    },
    moved: (shard, origin, cursor) => {
      owned.get(shard)?.cursors.set(jobField(origin), cursor);
    },
    ownerOf: (shard) => String(owned.get(shard)?.epoch),
    settle: async (done) => {
      const lost: number[] = [];
      for (const [shard, origins] of done)
        try {
          await settleShard(shard, origins);
        } catch (error) {
          if (!(error instanceof FencedError)) throw error;
          lost.push(shard);
        }
      return lost;
    },
  };
};

export const isDone = (cursor: string | undefined): boolean => cursor === doneCursor;

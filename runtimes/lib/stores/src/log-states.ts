import type { Log, OutRecord, Producer } from './log.ts';
import { readPartitions } from './read-partitions.ts';
import { findState, type Kept, recordsOf } from './state-records.ts';
import type { StatePlace, States } from './states.ts';

/** What a writer knows of the records that make up a shard's state. */
interface Written {
  readonly epoch: number;
  /** Of the next record. */
  seq: number;
  /** Keys of the base and its changes; and of what was there before it, which its first base makes superfluous. */
  keys: string[];
}

const keyOf = (shard: number, epoch: number, seq: number): string => `${shard}/${epoch}/${seq}`;

/**
 * States in a compacted topic, which must exist: the records of a shard lie in the partition `shard % partitions`, with
 * keys of their own for each epoch. So what a replaced writer still writes takes nothing away from its successor, and is
 * not found by who loads.
 */
export const createLogStates = (log: Log): States => {
  const written = new Map<string, Written>();
  const partitions = new Map<string, Promise<number>>();
  let producer: Promise<Producer> | undefined;

  const partitionOf = async ({ topic, shard }: StatePlace): Promise<number> => {
    const count = partitions.get(topic) ?? log.bounds(topic).then(({ length }) => length);
    partitions.set(topic, count);
    return shard % (await count);
  };
  const send = async (place: StatePlace, records: readonly OutRecord[]): Promise<void> => {
    const partition = await partitionOf(place);
    producer ??= log.producer();
    await (await producer).send(
      place.topic,
      records.map((record) => ({ ...record, partition })),
    );
  };
  const idOf = ({ topic, shard }: StatePlace): string => `${topic}/${shard}`;
  const write = async (
    place: StatePlace,
    own: Written,
    { kind, bytes }: { kind: 'base' | 'change'; bytes: Uint8Array },
  ) => {
    const records = recordsOf(bytes, kind, own.seq).map((record, i) => ({
      ...record,
      key: keyOf(place.shard, own.epoch, own.seq + i),
    }));
    own.seq += records.length;
    await send(place, records);
    return records.map(({ key }) => key);
  };
  return {
    load: async (topic, shards) => {
      const wanted = new Set(await Promise.all(shards.map((shard) => partitionOf({ topic, shard }))));
      const kept = await readPartitions(log, topic, [...wanted]);
      const byShard = Map.groupBy(kept, ({ key }): number => Number(key?.split('/', 1)[0]));
      const found = shards.map((shard) => {
        const records = (byShard.get(shard) ?? []) as readonly Kept[];
        const { state, keys } = findState(records);
        written.set(idOf({ topic, shard }), { epoch: -1, seq: 0, keys: [...keys] });
        return [shard, state] as const;
      });
      return new Map(found.flatMap(([shard, state]) => (state === undefined ? [] : [[shard, state] as const])));
    },
    save: async (place, epoch, base) => {
      const before = written.get(idOf(place));
      const own = before?.epoch === epoch ? before : { epoch, seq: 0, keys: before?.keys ?? [] };
      written.set(idOf(place), own);
      const superfluous = own.keys;
      own.keys = await write(place, own, { kind: 'base', bytes: base });
      if (superfluous.length > 0)
        await send(
          place,
          superfluous.map((key) => ({ key, value: null })),
        );
    },
    append: async (place, epoch, change) => {
      const own = written.get(idOf(place));
      if (own?.epoch !== epoch) throw new Error(`Cannot add to the state of shard ${place.shard}: it has no base yet`);
      own.keys.push(...(await write(place, own, { kind: 'change', bytes: change })));
    },
    close: async () => {
      await (await producer)?.close();
    },
  };
};

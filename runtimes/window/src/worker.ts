import type { WindowProgram } from '@groundswell/graph';
import { type Batch, FencedError, type Ports, type Producer } from '@groundswell/stores';
import { createInputs, type WindowerOptions } from '@groundswell/windowing';
import { watermarkText } from '@groundswell/wire';
import { type Assignment, openAssignment } from './assignment.ts';
import { definitionOf, sinksOf } from './checkpoint.ts';
import { drawEpoch } from './claim.ts';
import type { Tables } from './join/tables.ts';
import type { WindowEvent } from './join/window-event.ts';
import { sumOfSizes } from './limits.ts';
import { openShards, type Seat, shardTopicOf } from './open-shards.ts';
import type { Shard } from './shard.ts';

/** The half of a worker that aggregates: the shards that it has. */
export interface Worker {
  readonly assignment: Assignment;
  shards(): readonly Shard[];
  /** What it took to take the last shards over, with their state; undefined before the first. */
  restored(): Restored | undefined;
  /** Takes over again what another worker has written to in the meantime, if it is still assigned here. Once a step. */
  recover(): Promise<void>;
  /** Takes records in; answers how many. */
  take(batches: readonly Batch[]): number;
  /** Writes what became due; answers how many results. */
  publish(): Promise<number>;
  /** State and offsets, together; answers how many bytes that were. */
  save(): Promise<number>;
  /** How many shards there are, of all workers. */
  count(): number;
  /** From here on the shards write in an epoch above all others. */
  renew(): Promise<void>;
  /** Nobody goes on from the state of these shards. */
  forget(): Promise<void>;
}

/** Wall time, ms, and keys that were brought back in it. */
export interface Restored {
  readonly ms: number;
  readonly keys: number;
}

export interface WorkerOptions {
  readonly ports: Ports;
  readonly producer: Producer;
  /** As the program has them now: weights may change while it runs. */
  readonly options: () => WindowerOptions<WindowEvent>;
  /** As it is now, likewise. */
  readonly current: () => WindowProgram;
  readonly onOpened: (shards: readonly Shard[]) => void;
  /** Where the window joins some. */
  readonly tables: Tables | undefined;
  readonly seat: Seat;
}

/** Whoever was kept out waits so long until its group has told it what it still has, wall time in ms. */
const recoverAfterMs = 3_000;

/** A state of which nothing is left. */
const nothing = new Uint8Array();

export const openWorker = async (
  program: WindowProgram,
  { ports, producer, options, current, onOpened, tables, seat }: WorkerOptions,
): Promise<Worker> => {
  const { log, clock, logger, keyValue } = ports;
  const { window } = program;
  const topic = shardTopicOf(program);
  const { own } = seat;
  const inputs = createInputs(options());
  const shards = new Map<number, Shard>();
  /** Assigned here, but kept out by somebody else: partition → since when. */
  const outrun = new Map<number, number>();
  const told = new Map<number, string>();
  let count = (await log.bounds(topic)).length;
  let restored: Restored | undefined;

  const gain = async (partitions: readonly number[]): Promise<ReadonlyMap<number, bigint>> => {
    const since = clock.now();
    inputs.assign([...shards.keys(), ...partitions]);
    const opened = await openShards(
      { program: current(), ports, producer, options: options(), inputs, tables, seat },
      partitions,
    );
    for (const shard of opened) shards.set(shard.partition, shard);
    const keys = sumOfSizes(opened.map(({ windower }) => windower.size())).keys;
    restored = { ms: clock.now() - since, keys };
    count = (await log.bounds(topic)).length;
    onOpened(opened);
    return new Map(opened.map(({ partition, intake }) => [partition, intake.position()]));
  };
  const lose = (partitions: readonly number[]): void => {
    for (const partition of partitions) {
      shards.delete(partition);
      outrun.delete(partition);
      told.delete(partition);
    }
    inputs.assign([...shards.keys()]);
  };
  // The input is read by the group of the program, whoever reads it: its lag is what people look at.
  const group = program.rekey === undefined ? own.group : `${own.group}.rekeyed`;
  const assignment = await openAssignment({ log, group, topic }, { gain, lose });

  const publishShard = async (shard: Shard): Promise<number> => {
    try {
      return await shard.publish();
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      logger.warn(
        { window, partition: shard.partition, epoch: shard.epoch },
        'another worker has taken the shard over',
      );
      lose([shard.partition]);
      outrun.set(shard.partition, clock.now());
      return 0;
    }
  };
  const tellWatermarks = async (): Promise<void> => {
    let fields: Record<string, string> | undefined;
    for (const { partition, windower, isIdle } of shards.values()) {
      const watermark = windower.watermark();
      const text = watermarkText(watermark, isIdle());
      if (!Number.isFinite(watermark) || told.get(partition) === text) continue;
      told.set(partition, text);
      fields ??= {};
      fields[partition] = text;
    }
    if (fields === undefined) return;
    const batch = keyValue.batch();
    batch.hashSet(own.watermarks, fields);
    await batch.run();
  };
  return {
    assignment,
    shards: () => [...shards.values()],
    restored: () => restored,
    recover: async () => {
      if (outrun.size === 0) return;
      const now = clock.now();
      const due = [...outrun].filter(([, since]) => now - since >= recoverAfterMs).map(([partition]) => partition);
      for (const partition of due) outrun.delete(partition);
      if (due.length > 0) await assignment.regain(due);
    },
    take: (batches) => {
      let records = 0;
      for (const { partition, records: taken } of batches) {
        const shard = shards.get(partition);
        if (shard === undefined) continue;
        shard.intake.take(taken);
        records += taken.length;
      }
      const now = clock.now();
      for (const { windower, intake, joining } of shards.values()) {
        // Rows that somebody waited for may be there.
        if (joining !== undefined && joining.waiting() > 0) intake.take([]);
        windower.elapse(now);
      }
      return records;
    },
    publish: async () => {
      const results = await Promise.all([...shards.values()].map(publishShard));
      await tellWatermarks();
      return results.reduce((sum, some) => sum + some, 0);
    },
    save: async () => {
      let bytes = 0;
      const all = [...shards.values()];
      const origin = { definition: definitionOf(current(), count), sinks: sinksOf(current()) };
      for (const { saves, intake, joining, evicted } of all) {
        const joins = joining?.next(clock.now(), intake.position());
        const progress = {
          position: intake.position(),
          sources: intake.sources(),
          epochs: intake.epochs(),
          joins,
          evicted: evicted(),
        };
        bytes += await saves.save(origin, progress);
        joining?.set(joins);
      }
      const positions = all.map(({ partition, intake }) => ({ topic, partition, offset: intake.position() }));
      await assignment.consumer.commit(positions);
      return bytes;
    },
    count: () => count,
    renew: async () => {
      if (ports.alone === true || shards.size === 0) return;
      const epochs = [...shards.values()].map(({ epoch }) => epoch);
      const epoch = await drawEpoch(program, keyValue, Math.max(...epochs));
      for (const shard of shards.values()) shard.renew(epoch);
    },
    forget: async () => {
      for (const { partition, epoch } of shards.values())
        await ports.states.save({ topic: program.changelog.name, shard: own.placeOf(partition) }, epoch, nothing);
    },
  };
};

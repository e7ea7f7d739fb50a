import type { WindowProgram } from '@groundswell/graph';
import { type PartitionBounds, type Ports, type Producer, partitionOf, type SavedState } from '@groundswell/stores';
import { createInputs, createWindower, type Inputs, type Windower, type WindowerOptions } from '@groundswell/windowing';
import { createEventScanner, watermarkNumber } from '@groundswell/wire';
import { decodeCheckpoint, definitionOf, type ShardCheckpoint, sinksOf } from './checkpoint.ts';
import { drawEpoch, fenceOf } from './claim.ts';
import { createIntake } from './intake.ts';
import type { JoinState } from './join/joining.ts';
import type { Tables } from './join/tables.ts';
import type { WindowEvent } from './join/window-event.ts';
import { createLeftovers } from './leftovers.ts';
import { neededFields } from './needed-fields.ts';
import { createRekeyedIntake } from './rekey/rekeyed-intake.ts';
import type { Belongings } from './revisions/revision.ts';
import type { Role } from './revisions/role.ts';
import { createSaves } from './saves.ts';
import { createShard, type Shard } from './shard.ts';
import type { Sink } from './sinks/sink.ts';
import { createWrites, type Fences } from './writes.ts';

/** The topic whose partitions are aggregated, each by a shard. */
export const shardTopicOf = ({ input, rekey }: WindowProgram): string => (rekey ?? input).topic.name;

interface OpenShardsOptions {
  readonly program: WindowProgram;
  readonly ports: Ports;
  readonly producer: Producer;
  readonly options: WindowerOptions<WindowEvent>;
  /** Of the worker, where a shard's only input is its own partition. */
  readonly inputs: Inputs;
  /** Where the window joins some. */
  readonly tables: Tables | undefined;
  readonly seat: Seat;
}

/** As whom a worker works on a window: of which revision, and what becomes of its results. */
export interface Seat {
  readonly own: Belongings;
  /** Where it begins without state. */
  readonly from: 'start' | 'end';
  /** Where results go, as all workers know it now. After an epoch was drawn: whoever is in force later has a higher one. */
  ask(): Promise<{ readonly sinks: readonly Sink[]; readonly role: Role }>;
  /** Whether it tells of what is late, and of what cannot be used. */
  tells(): boolean;
}

/**
 * Takes shards over: draws an epoch, which shuts out whoever had them, and goes on from what was saved last. Without that,
 * or when the window is defined differently now, a shard begins where its seat says: with what the topic still holds, or at
 * its end.
 *
 * @throws CorruptCheckpointError, CorruptSnapshotError
 */
export const openShards = async (
  options: OpenShardsOptions,
  partitions: readonly number[],
): Promise<readonly Shard[]> => {
  const { program, ports } = options;
  const bounds = await ports.log.bounds(shardTopicOf(program));
  const { own } = options.seat;
  const saved = await ports.states.load(program.changelog.name, partitions.map(own.placeOf));
  const newest = Math.max(0, ...[...saved.values()].map(({ epoch }) => epoch));
  const epoch = await drawEpoch(program, ports.keyValue, newest);
  const [told, watermarks, sources] = await Promise.all([
    options.seat.ask(),
    readWatermarks(ports, own),
    program.rekey && ports.log.bounds(program.input.topic.name),
  ]);
  return partitions.map((partition) => {
    const found = bounds.find((bound) => bound.partition === partition);
    if (found === undefined) throw new Error(`Cannot open shard ${partition}: its topic has no such partition`);
    return openShard(options, {
      bounds: found,
      shards: bounds.length,
      ...told,
      toldBefore: watermarkNumber(watermarks[partition]),
      epoch,
      sourcePartitions: sources?.length,
      saved: saved.get(own.placeOf(partition)),
    });
  });
};

const readWatermarks = async ({ keyValue }: Ports, own: Belongings): Promise<Readonly<Record<string, string>>> => {
  const batch = keyValue.batch();
  const found = batch.hashGetAll(own.watermarks);
  await batch.run();
  return found.value();
};

interface Opening extends Awaited<ReturnType<Seat['ask']>> {
  readonly toldBefore: number;
  readonly bounds: PartitionBounds;
  readonly shards: number;
  readonly epoch: number;
  readonly saved: SavedState | undefined;
  /** How many partitions the input has, where events come from there by another topic. */
  readonly sourcePartitions: number | undefined;
}

const openShard = (all: OpenShardsOptions, opening: Opening): Shard => {
  const { program, ports, producer, seat } = all;
  const { bounds, sourcePartitions, sinks, role, toldBefore } = opening;
  const { epoch } = opening;
  const { partition } = bounds;
  const topic = shardTopicOf(program);
  const own = inputsOf(program, sourcePartitions);
  const inputs = own ?? all.inputs;
  const { windower, position, sources, epochs, joins, evicted } = restore(all, opening, inputs);
  const fencesAt = (at: number): Fences | undefined => {
    if (ports.alone === true) return undefined;
    const fence = fenceOf(program, at);
    return { own: fence, shared: { ...fence, scope: `${fence.scope}:${partition}` } };
  };
  let fences = fencesAt(epoch);
  const writes = createWrites(ports.keyValue, producer, () => fences);
  const leftovers = createLeftovers(program, ports, { topic, partition, writes, areTold: seat.tells });
  const eventOf = createEventScanner(neededFields(program));
  // What is sent on by key comes with its rows.
  const before = joins && { state: joins, end: ports.alone === true ? 0n : bounds.end };
  const joining = own === undefined ? all.tables?.joining(before) : undefined;
  const intake =
    own === undefined
      ? createIntake(windower, { partition, position, eventOf, joining }, leftovers)
      : createRekeyedIntake({ windower, inputs: own, position, sources, epochs, leftovers, eventOf });
  // Whoever had it may not have come to the end of writing it there.
  if (role.beside) windower.republish();
  const renew = (to: number): void => {
    fences = fencesAt(to);
  };
  const place = { topic: program.changelog.name, shard: seat.own.placeOf(partition) };
  const saves = createSaves({ states: ports.states, place, epoch, windower });
  const parts = { partition, epoch, renew, windower, toldBefore, intake, joining, saves, sinks, writes, evicted };
  return createShard({ ...parts, isIdle: inputs.areIdle });
};

/** Of a shard that hears of all partitions of the input: those who send to it say which of them are silent. */
const inputsOf = ({ watermark }: WindowProgram, sourcePartitions: number | undefined): Inputs | undefined => {
  if (sourcePartitions === undefined) return undefined;
  const inputs = createInputs({ maxOutOfOrdernessMs: watermark.maxOutOfOrdernessMs });
  inputs.assign(Array.from({ length: sourcePartitions }, (_, i) => i));
  return inputs;
};

interface Restored {
  readonly windower: Windower<WindowEvent>;
  readonly position: bigint;
  readonly sources: ReadonlyMap<number, bigint>;
  readonly epochs: ReadonlyMap<number, number>;
  readonly joins: JoinState | undefined;
  readonly evicted: number;
}

const restore = ({ program, ports, options, seat }: OpenShardsOptions, opening: Opening, inputs: Inputs): Restored => {
  const { bounds, shards, saved } = opening;
  const name = `${program.name}/${bounds.partition}`;
  const isForgotten = saved === undefined || saved.base.length === 0;
  const checkpoint = isForgotten ? undefined : decodeCheckpoint(name, saved);
  const owns = program.rekey && ((id: string) => partitionOf(id, shards) === bounds.partition);
  const settings = { ...options, inputs, owns };
  if (checkpoint === undefined || checkpoint.definition !== definitionOf(program, shards)) {
    if (checkpoint !== undefined)
      ports.logger.warn({ window: program.window }, 'window is defined anew, made of what the topic holds');
    return { ...anew, windower: createWindower(settings), position: bounds[seat.from] };
  }
  warnOfGap(program, ports, { checkpoint, bounds });
  const windower = createWindower(settings, checkpoint.snapshot);
  if (checkpoint.sinks !== sinksOf(program)) windower.republish();
  const { position, sources, epochs, joins, evicted } = checkpoint;
  return { windower, position: latest(position, bounds.start), sources, epochs, joins, evicted };
};

const anew = { sources: new Map(), epochs: new Map(), joins: undefined, evicted: 0 };

const latest = (a: bigint, b: bigint): bigint => (a < b ? b : a);

/** The topic's retention was shorter than the worker was away. */
const warnOfGap = (
  { window }: WindowProgram,
  { logger }: Ports,
  { checkpoint, bounds }: { checkpoint: ShardCheckpoint; bounds: PartitionBounds },
): void => {
  const { position } = checkpoint;
  const { partition, start } = bounds;
  if (position >= start) return;
  logger.error(
    { window, partition, offset: String(position), records: String(start - position) },
    'records were removed from the topic before they were read',
  );
};

import type { WindowProgram } from '@groundswell/graph';
import type { Ports, Producer } from '@groundswell/stores';
import type { WindowerOptions } from '@groundswell/windowing';
import { createEventScanner } from '@groundswell/wire';
import { drawEpoch } from '../claim.ts';
import type { Joining } from '../join/joining.ts';
import type { Tables } from '../join/tables.ts';
import type { WindowEvent } from '../join/window-event.ts';
import { createLeftovers } from '../leftovers.ts';
import { neededFields } from '../needed-fields.ts';
import type { Seat } from '../open-shards.ts';
import { createWrites, type PendingWrites } from '../writes.ts';
import { createLane, type Lane } from './lane.ts';
import { decodeLane, lanePlace } from './lane-state.ts';
import { rekeyedClaims } from './rekeyed-record.ts';

/** A lane in the hands of this worker. */
export interface OpenLane {
  readonly lane: Lane;
  /** Where the window joins tables. */
  readonly joining: Joining | undefined;
  readonly epoch: number;
  /** Where its state lies in the changelog. */
  readonly place: number;
  /** For what cannot be used. */
  readonly writes: PendingWrites;
}

export interface OpenLanesOptions {
  readonly program: WindowProgram;
  readonly rekeyedTopic: string;
  readonly ports: Ports;
  readonly producer: Producer;
  readonly options: WindowerOptions<WindowEvent>;
  /** Where the window joins some. */
  readonly tables: Tables | undefined;
  readonly seat: Pick<Seat, 'own' | 'from' | 'tells'>;
}

/** Takes partitions of the input over, where their last owner saved, else from their start. */
export const openLanes = async (
  { program, rekeyedTopic, ports, producer, options, tables, seat }: OpenLanesOptions,
  partitions: readonly number[],
): Promise<readonly OpenLane[]> => {
  const { log, states, keyValue } = ports;
  const topic = program.input.topic.name;
  const [bounds, { length: shards }] = await Promise.all([log.bounds(topic), log.bounds(rekeyedTopic)]);
  const places = partitions.map((partition) => lanePlace(rekeyedTopic, partition));
  const found = await states.load(program.changelog.name, places);
  const newest = Math.max(0, ...[...found.values()].map(({ epoch }) => epoch));
  const epoch = await drawEpoch(program, keyValue, newest);
  const claims =
    tables === undefined ? [] : partitions.flatMap((partition) => rekeyedClaims({ partition, epoch }, shards));
  if (claims.length > 0) await producer.send(rekeyedTopic, claims);
  // What the last owner has saved meanwhile is what it has sent by; what it sends from now on does not count.
  const saved = claims.length > 0 ? await states.load(program.changelog.name, places) : found;
  const ends = claims.length > 0 && ports.alone !== true ? await log.bounds(topic) : bounds;
  return partitions.map((partition, i): OpenLane => {
    const place = places[i] ?? 0;
    const state = saved.get(place);
    const start = bounds.find((bound) => bound.partition === partition)?.[seat.from] ?? 0n;
    const writes = createWrites(keyValue, producer, () => undefined);
    const leftovers = createLeftovers(program, ports, { topic, partition, writes, areTold: seat.tells });
    const { where, keys, maxOutOfOrdernessMs, idleTimeoutMs } = options;
    const eventOf = createEventScanner(neededFields(program));
    const from = state === undefined ? { position: start } : decodeLane(state);
    const end = ports.alone === true ? 0n : (ends.find((bound) => bound.partition === partition)?.end ?? 0n);
    const joins = 'joins' in from ? from.joins : undefined;
    const joining = tables?.joining(joins && { state: joins, end });
    const joined = joining && { joining, epoch };
    const settings = { partition, shards, where, keys, maxOutOfOrdernessMs, idleTimeoutMs, leftovers, eventOf, joined };
    return { lane: createLane(settings, from), joining, epoch, place, writes };
  });
};

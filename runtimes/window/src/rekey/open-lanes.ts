import type { WindowProgram } from '@groundswell/graph';
import type { Ports, Producer } from '@groundswell/stores';
import type { WindowerOptions } from '@groundswell/windowing';
import { createEventScanner, type SocialEvent } from '@groundswell/wire';
import { drawEpoch } from '../claim.ts';
import { createLeftovers } from '../leftovers.ts';
import { neededFields } from '../needed-fields.ts';
import { createWrites, type PendingWrites } from '../writes.ts';
import { createLane, type Lane } from './lane.ts';
import { decodeLane, lanePlace } from './lane-state.ts';

/** A lane in the hands of this worker. */
export interface OpenLane {
  readonly lane: Lane;
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
  readonly options: WindowerOptions<SocialEvent>;
}

/** Takes partitions of the input over, where their last owner saved, else from their start. */
export const openLanes = async (
  { program, rekeyedTopic, ports, producer, options }: OpenLanesOptions,
  partitions: readonly number[],
): Promise<readonly OpenLane[]> => {
  const { log, states, keyValue } = ports;
  const topic = program.input.topic.name;
  const [bounds, { length: shards }] = await Promise.all([log.bounds(topic), log.bounds(rekeyedTopic)]);
  const places = partitions.map((partition) => lanePlace(rekeyedTopic, partition));
  const saved = await states.load(program.changelog.name, places);
  const newest = Math.max(0, ...[...saved.values()].map(({ epoch }) => epoch));
  const epoch = await drawEpoch(program, keyValue, newest);
  return partitions.map((partition, i): OpenLane => {
    const place = places[i] ?? 0;
    const state = saved.get(place);
    const start = bounds.find((bound) => bound.partition === partition)?.start ?? 0n;
    const writes = createWrites(keyValue, producer, undefined);
    const leftovers = createLeftovers(program, ports, { topic, partition, writes });
    const { where, keys, maxOutOfOrdernessMs, idleTimeoutMs } = options;
    const eventOf = createEventScanner(neededFields(program));
    const settings = { partition, shards, where, keys, maxOutOfOrdernessMs, idleTimeoutMs, leftovers, eventOf };
    const lane = createLane(settings, state === undefined ? { position: start } : decodeLane(state));
    return { lane, epoch, place, writes };
  });
};

import type { Batch, OutRecord } from '@groundswell/stores';
import { type Assignment, openAssignment } from '../assignment.ts';
import type { Joining } from '../join/joining.ts';
import type { LaneLedgers } from '../ledger.ts';
import { encodeLane } from './lane-state.ts';
import { type OpenLane, type OpenLanesOptions, openLanes } from './open-lanes.ts';

/** The half of a worker that reads the input and sends events on by key. */
export interface Rekeyer {
  readonly assignment: Assignment;
  /** Sends on what came in; answers how many records that were. They are durable when it resolves. */
  pass(batches: readonly Batch[]): Promise<number>;
  /** Where it has read, for whoever goes on; and commits it, for showing lag. */
  save(): Promise<void>;
  /** Where the window joins tables, of the lanes here. */
  joinings(): readonly Joining[];
  /** The earliest watermark of the lanes here, event time in ms; Infinity without a lane. */
  watermark(): number;
  /** Of the lanes here, by partition of the input; with the copies that were sent on. */
  ledgers(): LaneLedgers;
  eventTime(): number;
}

export const openRekeyer = async (
  options: OpenLanesOptions & { readonly onOpened: (ledgers: LaneLedgers) => void },
): Promise<Rekeyer> => {
  const { program, rekeyedTopic, ports, producer } = options;
  const topic = program.input.topic.name;
  const lanes = new Map<number, OpenLane>();
  const assignment = await openAssignment(
    { log: ports.log, group: options.seat.own.group, topic },
    {
      gain: async (partitions) => {
        const opened = await openLanes(options, partitions);
        for (const one of opened) lanes.set(one.lane.partition, one);
        options.onOpened(ledgersOf(opened));
        return new Map(opened.map(({ lane }) => [lane.partition, lane.state().position]));
      },
      lose: (partitions) => {
        for (const partition of partitions) lanes.delete(partition);
      },
    },
  );
  return {
    assignment,
    pass: async (batches) => {
      const sent: OutRecord[] = [];
      let records = 0;
      for (const { partition, records: taken } of batches) {
        for (const out of lanes.get(partition)?.lane.take(taken) ?? []) sent.push(out);
        records += taken.length;
      }
      // Rows that somebody waited for may be there.
      for (const { lane, joining } of lanes.values())
        if (joining !== undefined && joining.waiting() > 0) for (const out of lane.take([])) sent.push(out);
      const now = ports.clock.now();
      for (const { lane } of lanes.values()) for (const out of lane.elapse(now)) sent.push(out);
      if (sent.length > 0) await producer.send(rekeyedTopic, sent);
      await Promise.all([...lanes.values()].map(({ writes }) => writes.flush()));
      return records;
    },
    save: async () => {
      const now = ports.clock.now();
      await Promise.all(
        [...lanes.values()].map(async ({ lane, joining, epoch, place }) => {
          const joins = joining?.next(now, lane.state().position);
          const state = encodeLane({ ...lane.state(), joins });
          await ports.states.save({ topic: program.changelog.name, shard: place }, epoch, state);
          joining?.set(joins);
        }),
      );
      const positions = [...lanes.values()].map(({ lane }) => ({
        topic,
        partition: lane.partition,
        offset: lane.state().position,
      }));
      await assignment.consumer.commit(positions);
    },
    joinings: () => [...lanes.values()].flatMap(({ joining }) => joining ?? []),
    watermark: () => Math.min(...[...lanes.values()].map(({ lane }) => lane.state().watermark)),
    ledgers: () => ledgersOf([...lanes.values()]),
    eventTime: () => Math.max(-Infinity, ...[...lanes.values()].map(({ lane }) => lane.eventTime())),
  };
};

const ledgersOf = (lanes: readonly OpenLane[]): LaneLedgers =>
  new Map(
    lanes.map(({ lane }) => {
      const { ledger, copies } = lane.state();
      return [lane.partition, { ...ledger, copies }];
    }),
  );

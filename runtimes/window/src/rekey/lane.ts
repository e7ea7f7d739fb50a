import { type LogRecord, type OutRecord, partitionOf } from '@groundswell/stores';
import { createKeyReader, createLedger, type KeyField, type LedgerEntry } from '@groundswell/windowing';
import { endOfTime, type ReadEvent, type SocialEvent } from '@groundswell/wire';
import type { Leftovers } from '../intake.ts';
import type { Joining, JoinState } from '../join/joining.ts';
import type { WindowEvent } from '../join/window-event.ts';
import { promiseOf } from '../promise.ts';
import { rekeyedEvent, rekeyedWatermark } from './rekeyed-record.ts';

/** What of a source partition is remembered; what it stands for is in the internal topic. */
export interface LaneState {
  /** The next offset to read. */
  readonly position: bigint;
  readonly watermark: number;
  /** `aggregated` are those that were sent on. */
  readonly ledger: LedgerEntry;
  /** How many more records that made, as an event with several keys goes to several shards. */
  readonly copies: number;
  /** Where the window joins tables: from `position` on. */
  readonly joins?: JoinState | undefined;
}

/** Sends the events of one partition of the input to the shards of their keys, and how far it has come to all of them. */
export interface Lane {
  readonly partition: number;
  /** What to send for these records, in this order. */
  take(records: readonly LogRecord[]): readonly OutRecord[];
  /** What to send because time has passed, wall time in ms, or the watermark moved: once a step, after `take`. */
  elapse(now: number): readonly OutRecord[];
  state(): LaneState;
  /** Newest event time seen, ms; −Infinity before the first event. */
  eventTime(): number;
}

export interface LaneOptions {
  readonly partition: number;
  readonly shards: number;
  readonly where: ((event: WindowEvent) => boolean) | undefined;
  readonly keys: readonly KeyField<WindowEvent>[];
  readonly maxOutOfOrdernessMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly leftovers: Leftovers;
  readonly eventOf: ReadEvent;
  /** Where the window joins tables: which rows the events see, and who sends them, for whom a repeat may have another row. */
  readonly joined?: { readonly joining: Joining; readonly epoch: number } | undefined;
}

/** A watermark is sent to every shard when it has moved across a multiple of this, ms of event time. */
const grainMs = 100;

export const createLane = (options: LaneOptions, from: LaneState | { readonly position: bigint }): Lane => {
  const { partition, shards, where, maxOutOfOrdernessMs, idleTimeoutMs, leftovers, eventOf, joined } = options;
  const keys = createKeyReader(options.keys);
  const saved = 'ledger' in from ? from : undefined;
  const ledger = createLedger(saved && new Map([[partition, saved.ledger]]));
  let { position } = from;
  let watermark = saved?.watermark ?? -Infinity;
  let copies = saved?.copies ?? 0;
  let eventTime = -Infinity;
  /** What the shards were told last by this worker. */
  let told: { readonly grain: number; readonly idle: boolean } | undefined;
  let [heard, idle] = [true, false];
  let since: number | undefined;

  const shardsOf = (event: WindowEvent): readonly number[] => {
    const count = keys.read(event);
    if (count === 1) return [partitionOf(keys.id(0), shards)];
    return [...new Set(Array.from({ length: count }, (_, i) => partitionOf(keys.id(i), shards)))];
  };
  const takeEvent = (record: LogRecord, read: SocialEvent): readonly OutRecord[] => {
    const event: WindowEvent = joined?.joining.join(read) ?? read;
    const to = where !== undefined && !where(event) ? [] : shardsOf(event);
    ledger.count(partition, to.length === 0 ? 'filtered' : 'aggregated');
    if (event.at > eventTime) eventTime = event.at;
    watermark = Math.max(watermark, event.at - maxOutOfOrdernessMs);
    copies += Math.max(0, to.length - 1);
    const source = { partition, offset: record.offset, epoch: joined?.epoch };
    return to.map((shard, i) => rekeyedEvent(record, source, { shard, isCopy: i > 0, rows: event.rows }));
  };
  const takeRecord = (record: LogRecord): readonly OutRecord[] => {
    try {
      const event = eventOf(record);
      if (event === undefined) {
        watermark = Math.max(watermark, promiseOf(record));
        return [];
      }
      ledger.open(partition);
      return takeEvent(record, event);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      ledger.open(partition);
      ledger.count(partition, 'deadLettered');
      leftovers.poison(record, error.message);
      return [];
    }
  };
  const tell = (): readonly OutRecord[] => {
    const grain = watermark >= endOfTime ? watermark : Math.floor((watermark + 1) / grainMs);
    if (told === undefined ? watermark === -Infinity && !idle : grain === told.grain && idle === told.idle) return [];
    told = { grain, idle };
    const source = { partition, offset: position, epoch: joined?.epoch };
    return Array.from({ length: shards }, (_, shard) => rekeyedWatermark(source, { watermark, idle }, shard));
  };
  return {
    partition,
    take: (records) => {
      const sent: OutRecord[] = [];
      for (const record of joined?.joining.admit(records) ?? records) {
        // A log may repeat records after a change of hands.
        if (record.offset < position) continue;
        position = record.offset + 1n;
        heard = true;
        for (const out of takeRecord(record)) sent.push(out);
      }
      return sent;
    },
    elapse: (now) => {
      if (heard || since === undefined) since = now;
      idle = !heard && idleTimeoutMs !== undefined && now - since >= idleTimeoutMs;
      heard = false;
      return tell();
    },
    state: () => {
      const entry = ledger.entries().get(partition);
      return { position, watermark, copies, ledger: entry ?? emptyEntry };
    },
    eventTime: () => eventTime,
  };
};

const emptyEntry: LedgerEntry = { in: 0, aggregated: 0, late: 0, filtered: 0, duplicate: 0, deadLettered: 0 };

import type { Join } from '@groundswell/graph';
import type { Consumer, LogRecord, Ports } from '@groundswell/stores';
import { decodeJson } from '@groundswell/wire';
import { createVersionedTable, type Row, type TableSize, type TableVersion } from './versioned-table.ts';

/** A table in a topic, which one worker reads as a whole and goes on reading. */
export interface TableReader {
  /** Somebody goes on from this version, undefined: from the newest. It is then known, as far as the topic still has it. */
  hold(version: TableVersion | undefined): void;
  /** Takes in what is there; answers how many records that were. */
  read(maxWaitMs: number): Promise<number>;
  /** Whether it was read to the end that the topic had when reading began. */
  isReady(): boolean;
  /** How far it is. */
  version(): TableVersion;
  find(key: string, version: TableVersion, at: number): Row | undefined;
  /** Nobody asks for what was before: the version that all go on from, and the earliest event time, ms. */
  forget(version: TableVersion, at: number): void;
  size(): TableSize;
  /** Records that are no rows. */
  poisoned(): number;
  close(): Promise<void>;
}

interface Reading {
  readonly consumer: Consumer;
  /** Where each partition ended when reading began. */
  readonly ends: readonly number[];
  /** The next offset of each partition. */
  readonly next: number[];
}

/** Records of one step. */
const maxRecords = 50_000;

/** @param fields of a row that are kept; undefined: all */
export const createTableReader = (
  { topic, name, version: asked }: Join,
  fields: readonly string[] | undefined,
  { log, logger }: Pick<Ports, 'log' | 'logger'>,
): TableReader => {
  let table = createVersionedTable();
  let reading: Reading | undefined;
  /** The oldest version that somebody may go on from. */
  let held: TableVersion | undefined;
  let forgotten: TableVersion = [];
  let poisoned = 0;
  /** Somebody needs what was forgotten. */
  let again = false;

  const open = async (): Promise<Reading> => {
    await reading?.consumer.close();
    reading = undefined;
    table = createVersionedTable();
    again = false;
    const bounds = await log.bounds(topic.name);
    const consumer = await log.consumer({ topics: [topic.name], from: 'earliest' });
    const [ends, next]: [number[], number[]] = [[], []];
    for (const { partition, start, end } of bounds) [ends[partition], next[partition]] = [Number(end), Number(start)];
    // Who begins now begins at the end: of what is read until then the newest rows are enough.
    forgotten = held ?? ends;
    table.forget(forgotten, asked === 'Newest' ? Infinity : -Infinity);
    return { consumer, ends, next };
  };
  const rowOf = ({ value }: LogRecord): Row | undefined => {
    if (value === null) return undefined;
    const row = decodeJson(value);
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new SyntaxError('it is no JSON object');
    return fields === undefined ? (row as Row) : projected(row as Row, fields);
  };
  const take = (partition: number, record: LogRecord): void => {
    const { key, offset, timestamp } = record;
    try {
      if (key === undefined) throw new SyntaxError('it has no key');
      table.put(key, rowOf(record), { partition, offset: Number(offset), at: timestamp });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      poisoned++;
      logger.warn(
        { topic: topic.name, join: name, partition, offset: String(offset), reason: error.message },
        'left out a record of a table',
      );
    }
  };
  const isReady = (): boolean =>
    reading !== undefined && !again && reading.ends.every((end, partition) => (reading?.next[partition] ?? 0) >= end);
  return {
    hold: (version) => {
      if (version === undefined) return;
      held = held === undefined ? version : held.map((offset, partition) => Math.min(offset, version[partition] ?? 0));
      again ||= forgotten.some((offset, partition) => offset > (version[partition] ?? 0));
    },
    read: async (maxWaitMs) => {
      if (reading === undefined || again) reading = await open();
      const { consumer, next } = reading;
      let records = 0;
      for (const { partition, records: taken } of await consumer.poll({ maxRecords, maxWaitMs })) {
        for (const record of taken) {
          if (Number(record.offset) < (next[partition] ?? 0)) continue;
          take(partition, record);
          next[partition] = Number(record.offset) + 1;
        }
        records += taken.length;
      }
      return records;
    },
    isReady,
    version: () => [...(reading?.next ?? [])],
    find: (key, version, at) => table.find(key, version, at),
    forget: (version, at) => {
      forgotten = version;
      held = version;
      table.forget(version, at);
    },
    size: () => table.size(),
    poisoned: () => poisoned,
    close: async () => reading?.consumer.close(),
  };
};

const projected = (row: Row, fields: readonly string[]): Row => {
  const kept: Record<string, unknown> = {};
  for (const field of fields) if (Object.hasOwn(row, field)) kept[field] = row[field];
  return kept;
};
